/*
 * descriptor.h - the three descriptors everybody takes for granted
 */
#ifndef RUNG_BASE_DESCRIPTOR_H
#define RUNG_BASE_DESCRIPTOR_H

/*
 * Opens /dev/null on each of 0 to 2 that is closed; the first thing main does.
 * Otherwise the next file or socket takes that number, and what is meant for
 * standard error is written into it.
 */
void descriptors_fill(void);

#endif
