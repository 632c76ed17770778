/* JSON that a command prints of its own accord. Want of memory ends the program. */
#ifndef STIR_TOOLS_JSON_H
#define STIR_TOOLS_JSON_H

#include <stddef.h>

struct node;

struct node *node_object(void);
struct node *node_array(void);
struct node *node_text(const char *text); /* NULL: null */
struct node *node_hex(const void *data, size_t len);
/* Of JSON that the library made. */
struct node *node_parse(const char *json);
void node_set(struct node *object, const char *name, struct node *member); /* takes member */
void node_append(struct node *array, struct node *element);                /* takes element */
/* Appends {"file": file, ...} of an object, or of each in an array; takes described. */
void node_append_described(struct node *array, const char *file, struct node *described);
/* Prints and frees it. */
void node_print(struct node *node);

#endif
