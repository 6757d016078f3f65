/*
 * What is mapped is written down where a signal handler can read it: a fault
 * inside puts zeros of our own in place of the rest, from the page on that is
 * missing, and the instruction is tried again. Any other SIGBUS kills, as
 * without us. mmap() is a system call and nothing else, safe in a handler.
 */
#include "base/mapping.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MOST_MAPPINGS = 64 };

/*
 * The handler may look at any moment: `start` is set last and cleared first, and nothing counts without it.
 */
static struct slot {
	atomic_bool is_taken;
	atomic_uintptr_t start; /* 0: nothing yet */
	atomic_size_t size;
	atomic_bool is_cut;
} slots[MOST_MAPPINGS];

static uintptr_t page_size;

static struct slot *find_slot(uintptr_t at)
{
	for (size_t i = 0; i < MOST_MAPPINGS; i++) {
		const uintptr_t start = slots[i].start;

		if (start && at >= start && at - start < slots[i].size)
			return &slots[i];
	}
	return NULL;
}

static bool put_zeros(struct slot *slot, uintptr_t at)
{
	const uintptr_t from = at / page_size * page_size;

	slot->is_cut = true;
	return mmap((void *)from, slot->start + slot->size - from, PROT_READ,
	            MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED;
}

static void on_fault(int number, siginfo_t *info, void *context)
{
	struct slot *slot = find_slot((uintptr_t)info->si_addr);

	(void)context;
	if (!slot || !put_zeros(slot, (uintptr_t)info->si_addr))
		signal(number, SIG_DFL); /* it comes again at once */
}

static void listen_for_faults(void)
{
	struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO};

	page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
	sigemptyset(&action.sa_mask);
	sigaction(SIGBUS, &action, NULL);
}

/* Without a free one the file is read instead (file_text_read). */
static struct slot *take_slot(void)
{
	for (size_t i = 0; i < MOST_MAPPINGS; i++)
		if (!atomic_exchange(&slots[i].is_taken, true))
			return &slots[i];
	return NULL;
}

static void leave_slot(struct slot *slot)
{
	slot->start = 0;
	slot->is_cut = false;
	slot->is_taken = false;
}

void *mapping_open(int fd, size_t size)
{
	struct slot *slot = take_slot();

	if (!slot)
		return NULL;
	listen_for_faults();
	void *memory = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (memory == MAP_FAILED) {
		leave_slot(slot);
		return NULL;
	}
	madvise(memory, size, MADV_SEQUENTIAL);
	slot->size = size;
	slot->start = (uintptr_t)memory;
	return memory;
}

void mapping_close(void *memory, size_t size)
{
	struct slot *slot = find_slot((uintptr_t)memory);

	if (slot)
		leave_slot(slot);
	munmap(memory, size);
}

bool mapping_is_whole(const void *memory)
{
	const struct slot *slot = find_slot((uintptr_t)memory);

	return !slot || !slot->is_cut;
}
