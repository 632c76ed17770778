/* JSON that a command prints of its own accord: jansson's, members in the order they were set. */
#include "json.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "options.h"

/* A struct node is jansson's value. */
static json_t *inside(struct node *node)
{
    return (json_t *)node;
}

static struct node *must(json_t *json)
{
    if (json == NULL)
        exit(complain_no_memory());
    return (struct node *)json;
}

struct node *node_object(void)
{
    return must(json_object());
}

struct node *node_array(void)
{
    return must(json_array());
}

struct node *node_text(const char *text)
{
    return must(text == NULL ? json_null() : json_string(text));
}

struct node *node_hex(const void *data, size_t len)
{
    char *hex = malloc(2 * len + 1);

    if (hex == NULL)
        exit(complain_no_memory());
    for (size_t i = 0; i < len; i++)
        snprintf(hex + 2 * i, 3, "%02x", ((const unsigned char *)data)[i]);
    hex[2 * len] = '\0';
    struct node *node = node_text(hex);
    free(hex);
    return node;
}

struct node *node_parse(const char *json)
{
    return must(json_loads(json, JSON_DECODE_ANY, NULL));
}

void node_set(struct node *object, const char *name, struct node *member)
{
    if (json_object_set_new(inside(object), name, inside(member)) != 0)
        exit(complain_no_memory());
}

void node_append(struct node *array, struct node *element)
{
    if (json_array_append_new(inside(array), inside(element)) != 0)
        exit(complain_no_memory());
}

static void append_one(struct node *array, const char *file, json_t *described)
{
    struct node *object = node_object();

    node_set(object, "file", node_text(file));
    if (json_object_update(inside(object), described) != 0)
        exit(complain_no_memory());
    node_append(array, object);
}

void node_append_described(struct node *array, const char *file, struct node *described)
{
    json_t *json = inside(described), *element;
    size_t i;

    if (json_is_array(json))
        json_array_foreach(json, i, element) append_one(array, file, element);
    else
        append_one(array, file, json);
    json_decref(json);
}

void node_print(struct node *node)
{
    char *text = json_dumps(inside(node), JSON_INDENT(2) | JSON_ENCODE_ANY);

    if (text == NULL)
        exit(complain_no_memory());
    puts(text);
    free(text);
    json_decref(inside(node));
}
