/* own_file.h - the fixture of tests that write a file: its path, in a folder of its own. */
#ifndef SOCKDECK_TESTS_OWN_FILE_H
#define SOCKDECK_TESTS_OWN_FILE_H

struct own_file { char folder[64], path[96]; };

/* The file is not made. 0, or -1 without a folder. */
int own_file_make(struct own_file *f, const char *name);
/* Removes both. */
void own_file_remove(struct own_file *f);

#endif
