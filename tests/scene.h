/* A call and all that it is judged with, good unless a case says otherwise: one field changed is
   one twin. */
#ifndef STIR_TESTS_SCENE_H
#define STIR_TESTS_SCENE_H

#include "tests/mint.h"
#include "stir.h"

#define SCENE_X5U "https://certificates.example.com/acme.pem"
#define SCENE_ORIG "12155551234"
#define SCENE_DEST "12155559876"
#define SCENE_ORIGID "123e4567-e89b-12d3-a456-426614174000"

struct scene {
    const char *desc;
    /* The signer, and its issuers one above the other; signer NULL: mint_delegate below
       mint_spc_ca, mint_sti_ca, mint_root. The last one is the anchor and not in the list. */
    struct mint signer, above[3];
    bool own_chain;
    const char *body; /* the body at x5u instead of the list of these */
    bool nothing;     /* nothing is at x5u */
    bool no_anchor;   /* an unrelated root is the anchor */

    /* The token. NULL: a base token for orig (SCENE_ORIG) to dest (SCENE_DEST) at MINT_NOW. */
    const char *ppt, *orig, *dest;
    const char *header, *payload; /* JSON, instead */
    int64_t iat;                  /* 0: MINT_NOW */
    const char *key;              /* NULL: the signer's */
    bool corrupt;
    const char *token;      /* instead of all that */
    const char *identity;   /* the whole header value instead */
    const char *parameters; /* behind the token, instead of info, alg and ppt */
    const char *more[4];    /* further Identity values, before this one */

    /* The call. NULL: as the token has it; "": it has none. */
    const char *from, *to, *pai, *date, *request_uri, *sdp, *call_id;
    int64_t now; /* 0: MINT_NOW */

    const char *csv;       /* SPC data */
    const char *policy[8]; /* key, value, ...; NULL ends it */

    int code;             /* enum stir_code */
    int depth;            /* of the finding, as the result has it (-1: none) */
    const char *sentence; /* what the detail has in it; NULL: anything but nothing */
    const char *warning;  /* the name of a warning that is there; NULL: not looked at */
};

/* The result of judging it; asserts that it could be judged. */
struct stir_result *scene_judge(const struct scene *scene);
/* Judges it and expects code, depth, sentence and warning. */
void scene_expect(const struct scene *scene);
/* The parts, for tests that go on by themselves. */
struct stir_config *scene_config(const struct scene *scene);
struct stir_call *scene_call(const struct scene *scene);
const char *scene_body(const struct scene *scene);
char *scene_identity(const struct scene *scene); /* for free(3) */

#endif
