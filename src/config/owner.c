/*
 * Anyone who may write to a file could have written what we are about to obey. It is the question ssh and
 * sudo ask of their files, and git of its directories, with one answer more: on Debian each user has a
 * group of their own and a umask that lets it write, so a file that its group may write to is ordinary, if
 * nobody else is in that group. Refusing it would teach people to switch the check off.
 *
 * Group membership is asked of the user database, where it can be; a number without a name, as containers
 * have them, counts as private only when the user has no name either and the numbers are the same. Members
 * by primary group are not listed in gr_mem, hence the name of the group must be the user's.
 *
 * An access control list can name others without a trace in the mode but for the group's bits, which are
 * its mask. So where those let write, the list is read, as the kernel keeps it: libacl would be a library
 * for one attribute.
 */
#include "config/owner.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/xattr.h>
#endif

#include "base/str.h"

/* Who called sudo; root otherwise, who is trusted anyway. */
static uid_t caller_before_sudo(void)
{
	const char *text = geteuid() == 0 ? getenv("SUDO_UID") : NULL;
	unsigned long long uid;

	return text && str_to_number(str_of(text), INT_MAX, &uid) ? (uid_t)uid : 0;
}

static bool is_trusted_user(uid_t uid)
{
	return uid == geteuid() || uid == 0 || uid == caller_before_sudo();
}

static bool has_other_members(const struct group *group, const char *user)
{
	for (char **member = group->gr_mem; *member; member++)
		if (strcmp(*member, user) != 0 && strcmp(*member, "root") != 0)
			return true;
	return false;
}

/*
 * Debian gives each user a group of the same name and a umask that lets it
 * write. In a container the numbers often have no names; then a group with
 * its user's number is taken for such a one.
 */
static bool is_private_group(gid_t gid, uid_t uid)
{
	const struct passwd *user = getpwuid(uid);
	const struct group *group = getgrgid(gid);

	if (!user || !group)
		return !user && !group && gid == (gid_t)uid;
	return user->pw_gid == gid && strcmp(group->gr_name, user->pw_name) == 0 &&
	       !has_other_members(group, user->pw_name);
}

static bool is_trusted_group(gid_t gid, uid_t owner)
{
	return gid == 0 || is_private_group(gid, owner) || is_private_group(gid, geteuid()) ||
	       is_private_group(gid, caller_before_sudo());
}

static const char *owner_text(uid_t uid, struct arena *arena)
{
	const struct passwd *user = getpwuid(uid);

	return user ? arena_printf(arena, "belongs to %s", user->pw_name)
	            : arena_printf(arena, "belongs to the user %ld", (long)uid);
}

/*
 * What speaks against obeying it, for people; NULL for nothing. Names are looked up only where they are told.
 */
static const char *mode_objection(const struct stat *info, struct arena *arena)
{
	const bool is_sticky = S_ISDIR(info->st_mode) && (info->st_mode & S_ISVTX);
	const struct group *group;

	if (!is_trusted_user(info->st_uid))
		return owner_text(info->st_uid, arena);
	if (S_ISLNK(info->st_mode) || is_sticky)
		return NULL;
	if (info->st_mode & S_IWOTH)
		return "can be written by everybody";
	if (!(info->st_mode & S_IWGRP) || is_trusted_group(info->st_gid, info->st_uid))
		return NULL;
	group = getgrgid(info->st_gid);
	return group ? arena_printf(arena, "can be written by the group %s", group->gr_name)
	             : arena_printf(arena, "can be written by the group %ld", (long)info->st_gid);
}

#ifdef __linux__
/* POSIX access control lists as Linux keeps them: a version, then entries, all little-endian. */
enum { LIST_HEAD = 4, ENTRY_SIZE = 8, MOST_ENTRIES = 512, MAY_WRITE = 2 };
enum { TAG_USER = 0x02, TAG_GROUP = 0x08 };

static unsigned entry_number(const unsigned char *entry, size_t at, size_t size)
{
	unsigned number = 0;

	while (size-- > 0)
		number = number << 8 | entry[at + size];
	return number;
}

/* A named user or group that may write and is none of those who may. */
static bool lets_in(const unsigned char *entry, uid_t owner)
{
	const unsigned tag = entry_number(entry, 0, 2);
	const unsigned id = entry_number(entry, 4, 4);

	if (!(entry_number(entry, 2, 2) & MAY_WRITE))
		return false;
	return (tag == TAG_USER && !is_trusted_user(id)) || (tag == TAG_GROUP && !is_trusted_group(id, owner));
}

/* With a list the bits of the group are its mask, the most that any of its entries allows. */
static const char *objection_to_list(const unsigned char *list, ssize_t size, const struct stat *info)
{
	for (ssize_t at = LIST_HEAD; at + ENTRY_SIZE <= size; at += ENTRY_SIZE)
		if (lets_in(list + at, info->st_uid))
			return "can be written by others through its access control list";
	return NULL;
}

static const char *access_list_objection(int fd, const char *path, const struct stat *info)
{
	static const char name[] = "system.posix_acl_access";
	unsigned char list[LIST_HEAD + MOST_ENTRIES * ENTRY_SIZE];

	if (!(info->st_mode & S_IWGRP))
		return NULL;
	const ssize_t size =
	    fd >= 0 ? fgetxattr(fd, name, list, sizeof(list)) : getxattr(path, name, list, sizeof(list));

	if (size < 0 && errno == ERANGE)
		return "has an overlong access control list";
	return size < 0 ? NULL : objection_to_list(list, size, info);
}
#else
static const char *access_list_objection(int fd, const char *path, const struct stat *info)
{
	(void)fd;
	(void)path;
	(void)info;
	return NULL;
}
#endif

const char *owner_objection(const struct stat *info, int fd, const char *path, struct arena *arena)
{
	const char *objection = mode_objection(info, arena);

	return objection || (fd < 0 && !path) ? objection : access_list_objection(fd, path, info);
}
