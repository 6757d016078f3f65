/*
 * attribute.h - promises the compiler checks for us
 */
#ifndef RUNG_BASE_ATTRIBUTE_H
#define RUNG_BASE_ATTRIBUTE_H

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(at, args) __attribute__((format(printf, at, args)))

#endif
