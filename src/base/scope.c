#include "base/scope.h"

#include <stdlib.h>
#include <unistd.h>

void fd_clear(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void stream_clear(FILE **stream)
{
	if (*stream)
		fclose(*stream);
	*stream = NULL;
}

void malloced_clear(void *pointer_to_pointer)
{
	void **pointer = pointer_to_pointer;

	free(*pointer);
	*pointer = NULL;
}
