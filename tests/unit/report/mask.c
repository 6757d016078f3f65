#include "report/mask.h"

#include "test.h"

TEST(mask_takes_passwords_out_of_sentences)
{
	static const struct {
		const char *given;
		const char *shown;
	} rows[] = {
	    {"could not start in \"postgresql://u:secret@h/d\": no such file",
	     "could not start in \"postgresql://u:***@h/d\": no such file"},
	    {"x://u:se@cret@h", "x://u:***@h"},
	    {"https://:secret@h/", "https://:***@h/"},
	    {"no \"u:secret@h/d\" here", "no \"u:***@h/d\" here"},
	    {"--x=u:secret@h/d", "--x=u:***@h/d"},
	    {"u:sec/ret@h:5432/d", "u:***@h:5432/d"},
	    {"u:secret@[::1]/d", "u:***@[::1]/d"},
	    {"host=h password=secret user=u", "host=h password=*** user=u"},
	    {"PGPASSWORD=secret", "PGPASSWORD=***"},
	    {"password = 'two words' x", "password = *** x"},
	    {"\"password=secret\" is none", "\"password=***\" is none"},
	    {"h?password=secret&x=y", "h?password=***&x=y"},
	    {"first\npassword=secret\nlast", "first\npassword=***\nlast"},
	    /* none of them */
	    {"password authentication failed for user \"u\"", "password authentication failed for user \"u\""},
	    {"git@github.com:org/repository", "git@github.com:org/repository"},
	    {"to u@h.example.org at 10:30", "to u@h.example.org at 10:30"},
	    {"postgresql://u@h:5432/d", "postgresql://u@h:5432/d"},
	    {"users_email_check @> x::text", "users_email_check @> x::text"},
	    {"the password is wrong", "the password is wrong"},
	    {"schema/01_x.sql:3:1", "schema/01_x.sql:3:1"},
	    {"", ""},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		scoped_arena struct arena arena = {0};

		CHECK_STR(mask_passwords(&arena, rows[i].given), rows[i].shown);
	}
}
