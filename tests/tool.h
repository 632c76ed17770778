/* Other people's command lines, to compare with: openssl and certtool, on temporary files. */
#ifndef STIR_TESTS_TOOL_H
#define STIR_TESTS_TOOL_H

/* Skips the running test, with a message, where the command is absent; in CI (CI is set) it
   fails instead. */
void tool_need(const char *command);
/* A new empty folder, and its removal with the files in it. */
char *tool_folder(void);
void tool_folder_remove(char *folder);
/* Writes FOLDER/NAME. */
void tool_write(const char *folder, const char *name, const char *text);
/* Runs a shell command in that folder: its exit status. *output, if not NULL, is what it wrote
   to both of its outputs, for free(3). */
int tool_run(const char *folder, char **output, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
