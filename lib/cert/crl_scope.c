/* Which certificates a revocation list is about, by its issuing distribution point (RFC 5280
   section 6.3.3 b, R5280-5-2). */
#include "cert/crl.h"
#include "cert/name_canonical.h"

/* One of a DistributionPoint's fields; data NULL: it is absent. */
struct point {
    struct der full, relative, issuers;
};

static int take_point(struct der *left, struct point *point)
{
    struct der_element sequence, outer, choice, reasons, issuers;
    bool named, reasoned, issued;

    *point = (struct point){{NULL, 0}, {NULL, 0}, {NULL, 0}};
    if (der_take(left, DER_SEQUENCE, &sequence) < 0
        || der_take_optional(&sequence.content, DER_CONTEXT(0), &outer, &named) < 0
        || der_take_optional(&sequence.content, DER_CONTEXT_PRIMITIVE(1), &reasons, &reasoned)
               < 0
        || der_take_optional(&sequence.content, DER_CONTEXT(2), &issuers, &issued) < 0)
        return -1;
    if (issued)
        point->issuers = issuers.content;
    if (!named)
        return 0;
    if (der_next(&outer.content, &choice) < 0)
        return -1;
    *(choice.tag == DER_CONTEXT(1) ? &point->relative : &point->full) = choice.content;
    return 0;
}

static bool has_directory_name(struct der names, struct der name)
{
    struct der_element element;

    while (names.len > 0 && der_next(&names, &element) == 0)
        if (element.tag == DER_CONTEXT(4) && name_canonical_equal(element.content, name))
            return true;
    return false;
}

/* Do two GeneralNames have one in common? */
static bool share_name(struct der a, struct der b)
{
    struct der_element one, other;

    while (a.len > 0 && der_next(&a, &one) == 0) {
        struct der left = b;
        while (left.len > 0 && der_next(&left, &other) == 0)
            if (der_equal(one.whole, other.whole))
                return true;
    }
    return false;
}

static bool point_is(const struct crl *crl, const struct point *point)
{
    struct der names = crl->scope.names;

    if (point->issuers.data != NULL && !has_directory_name(point->issuers, crl->issuer))
        return false;
    if (crl->scope.relative)
        return point->relative.data != NULL && der_equal(point->relative, names);
    if (point->full.data != NULL)
        return share_name(point->full, names);
    return point->relative.data == NULL && share_name(point->issuers, names);
}

/* Without points of its own, a certificate's is its issuer (section 6.3.3). */
static bool is_named(const struct crl *crl, const struct stir_certificate *certificate)
{
    struct der_element points;
    struct point point;

    if (certificate->crl_points.data == NULL)
        return !crl->scope.relative
               && has_directory_name(crl->scope.names, certificate->issuer);
    if (der_only(certificate->crl_points, DER_SEQUENCE, &points) < 0)
        return false;
    while (points.content.len > 0 && take_point(&points.content, &point) == 0)
        if (point_is(crl, &point))
            return true;
    return false;
}

bool crl_is_about(const struct crl *crl, const struct stir_certificate *certificate,
                  bool by_issuer)
{
    const struct crl_scope *scope = &crl->scope;

    if (scope->attributes_only || (scope->users_only && certificate->ca)
        || (scope->cas_only && !certificate->ca))
        return false;
    if (!by_issuer)
        return true;
    return name_canonical_equal(crl->issuer, certificate->issuer)
           && (scope->names.data == NULL || is_named(crl, certificate));
}
