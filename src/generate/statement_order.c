/*
 * One graph over all statements. What is needed is made before what needs it (edges of the new state), what
 * needs something lets go of it before it goes or changes (edges of the old state), and a name is free before
 * it is taken. Of the statements that wait for nothing the one with the smallest key comes next: its stage,
 * the order in which kinds can be created, the identity. So the same change gives the same script, and what
 * loses data comes as late as it can.
 *
 * A circle is a fault of the rules, as each statement does one thing; it is told with its members rather than
 * broken at a place that happens to work today.
 */
#include <stdlib.h>
#include <string.h>

#include "generate/change_plan_internal.h"

struct statement_set {
	const size_t *items;
	size_t count;
	const struct change_node *node;
};

/* --- edges ---------------------------------------------------------------- */

static void add_edge(struct change_plan *plan, size_t first, size_t then)
{
	struct plan_statement *statement = &plan->statements[first];

	for (size_t i = 0; i < statement->follower_count; i++)
		if (statement->followers[i] == then)
			return;
	*ARENA_PUSH(plan->arena, statement->followers, statement->follower_count) = then;
	plan->statements[then].waits_for++;
}

typedef bool role_question(const struct change_node *node, enum statement_role role);

static bool makes(const struct change_node *node, enum statement_role role)
{
	(void)node;
	return role == ROLE_CREATE || role == ROLE_ALTER;
}

static bool creates(const struct change_node *node, enum statement_role role)
{
	(void)node;
	return role == ROLE_CREATE || role == ROLE_SHELL;
}

static bool begins(const struct change_node *node, enum statement_role role)
{
	return role == ROLE_SHELL || makes(node, role);
}

static bool names(const struct change_node *node, enum statement_role role)
{
	(void)node;
	return role == ROLE_SHELL;
}

static bool remarks(const struct change_node *node, enum statement_role role)
{
	(void)node;
	return role == ROLE_REMARK;
}

static bool drops(const struct change_node *node, enum statement_role role)
{
	(void)node;
	return role == ROLE_DROP;
}

static bool releases(const struct change_node *node, enum statement_role role)
{
	(void)node;
	return role == ROLE_RELEASE;
}

/* After these it holds on to nothing of the old state. */
static bool leaves(const struct change_node *node, enum statement_role role)
{
	return node_goes(node) ? role == ROLE_DROP
	                       : role == ROLE_RELEASE || (role == ROLE_ALTER && !node->is_by_text);
}

/* These are refused while somebody holds on. */
static bool disturbs(const struct change_node *node, enum statement_role role)
{
	return role == ROLE_DROP ||
	       (!node_goes(node) && (role == ROLE_ALTER || (role == ROLE_RELEASE && node->is_by_text)));
}

/* Before it is what it will be. */
static bool comes_later(const struct change_node *node, enum statement_role role)
{
	(void)node;
	return role != ROLE_DROP && role != ROLE_RELEASE;
}

/* A type that is rebuilt is no longer called what they call it when they are dropped. */
static bool renames(const struct change_node *node, enum statement_role role)
{
	return role == ROLE_DROP || (node->is_rebuilt && role == ROLE_RELEASE);
}

/* Of a type that is rebuilt the old one is out of the way when it has another name. */
static bool frees_name(const struct change_node *node, enum statement_role role)
{
	return role == (node->is_rebuilt ? ROLE_RELEASE : ROLE_DROP);
}

/* Every statement of `from` with such a role, before every one of `to`. */
static void add_edges(struct change_plan *plan, const struct change_node *from, role_question *is_first,
                      const struct change_node *to, role_question *is_then)
{
	if (!from || !to || from == to)
		return;
	for (size_t i = 0; i < from->statement_count; i++) {
		if (!is_first(from, plan->statements[from->statements[i]].role))
			continue;
		for (size_t j = 0; j < to->statement_count; j++)
			if (is_then(to, plan->statements[to->statements[j]].role))
				add_edge(plan, from->statements[i], to->statements[j]);
	}
}

/* Whose statement drops it. */
static const struct change_node *dropper(const struct change_node *node)
{
	while (node && node_goes(node) && node->goes_with)
		node = node->goes_with;
	return node;
}

/* --- one node ------------------------------------------------------------- */

static int step_of(const struct plan_statement *statement)
{
	const bool is_last = statement->node->is_rebuilt && statement->role == ROLE_DROP;

	return is_last ? ROLE_REMARK + 1 : (int)statement->role;
}

static void add_own_edges(struct change_plan *plan, const struct change_node *node)
{
	for (size_t i = 0; i < node->statement_count; i++)
		for (size_t j = 0; j < node->statement_count; j++) {
			const int first = step_of(&plan->statements[node->statements[i]]);
			const int then = step_of(&plan->statements[node->statements[j]]);

			if (first < then || (first == then && i < j))
				add_edge(plan, node->statements[i], node->statements[j]);
		}
}

static bool is_of_partition(const struct dependency *dependency)
{
	return dependency->type == 'P' || dependency->type == 'S';
}

static bool is_table(const struct object *object)
{
	return object->kind == &object_kinds[OBJECT_TABLE] || object->kind == &object_kinds[OBJECT_FOREIGN_TABLE];
}

/* Of a foreign key, the index of a partition of the table that it refers to: that follows from the whole's.
 */
static bool is_by_the_whole(const struct object *key, const struct object *index)
{
	const char *whole =
	    key->kind == &object_kinds[OBJECT_CONSTRAINT] && index->kind == &object_kinds[OBJECT_INDEX]
	        ? object_attribute(index, "attached_to")
	        : NULL;

	for (uint32_t i = 0; whole && i < key->need_count; i++)
		if (key->needs[i].object->kind == index->kind && strcmp(key->needs[i].object->identity, whole) == 0)
			return true;
	return false;
}

static void add_new_edges(struct change_plan *plan, const struct change_node *node)
{
	const struct change_node *made_by = node_maker(node);

	for (uint32_t i = 0; i < node->after->need_count; i++) {
		const struct object *object = node->after->needs[i].object;
		const struct change_node *needed = node_maker(plan_node(plan, object));
		const bool is_own = is_made_with(node->after, object);
		const bool is_child = is_table(object) && is_table(node->after); /* it can join others later */

		if (is_by_the_whole(node->after, object))
			continue;
		if (is_ownership(node->after, &node->after->needs[i]))
			add_edges(plan, needed, makes, made_by, remarks);
		else if (node->is_early && is_of_partition(&node->after->needs[i]) &&
		         object->kind == node->after->kind)
			add_edges(plan, made_by, makes, needed, makes);
		else
			add_edges(plan, needed,
			          is_made_with(object, node->after) ? names
			          : is_child                        ? creates
			                                            : makes,
			          made_by, is_own ? makes : begins);
	}
	add_edges(plan, node_maker(plan_parent(plan, node)), creates, made_by, comes_later);
	add_edges(plan, made_by, makes, node, comes_later);
	if (node_goes(node))
		add_edges(plan, dropper(node), frees_name, made_by, creates);
}

/* A column that holds rows of a table is out of the way while columns of that change. */
static void add_row_edges(struct change_plan *plan, const struct change_node *node)
{
	for (uint32_t i = 0; node->is_by_text && i < node->before->need_count; i++) {
		const struct object *table = node->before->needs[i].object;

		if (table->kind != &object_kinds[OBJECT_TABLE] || table == node->before->parent)
			continue;
		for (const struct object *column = table->first_child; column; column = column->next_sibling) {
			const struct change_node *changed = plan_node(plan, column);

			if (!changed || !node_is(changed, OBJECT_COLUMN) || changed->fate != FATE_ALTER)
				continue;
			add_edges(plan, node, releases, changed, makes);
			add_edges(plan, changed, makes, node, makes);
		}
	}
}

static void add_old_edges(struct change_plan *plan, const struct change_node *node)
{
	const struct change_node *left_by = dropper(node);

	const struct change_node *parent = plan_node(plan, node->before->parent);

	add_row_edges(plan, node);
	if (node_goes(node) && parent && !parent->is_by_text)
		add_edges(plan, parent, releases, left_by, drops);
	for (uint32_t i = 0; i < node->before->need_count; i++) {
		const struct change_node *needed = plan_node(plan, node->before->needs[i].object);

		if (!needed || is_made_with(needed->before, node->before))
			continue;
		if (node_goes(needed))
			add_edges(plan, left_by, leaves, dropper(needed),
			          node_goes(node) && !left_by->is_rebuilt ? renames : drops);
		else if (node_goes(node))
			add_edges(plan, left_by, leaves, node_maker(needed), disturbs);
		if (is_of_partition(&node->before->needs[i]))
			add_edges(plan, plan_parent(plan, node), releases, dropper(needed), drops);
	}
}

/* --- parents and children ------------------------------------------------- */

static bool is_kind_of_part(const struct object *object)
{
	const enum object_kind_number kind = object_kind_number(object->kind);

	return kind >= OBJECT_COLUMN && kind <= OBJECT_INDEX && kind != OBJECT_DEFAULT;
}

/* A table that becomes a child has what its parent has by then. */
static void add_joining_edges(struct change_plan *plan, const struct change_node *table, size_t joining)
{
	for (const struct object *part = table->after->first_child; part; part = part->next_sibling) {
		const struct change_node *node = is_kind_of_part(part) ? plan_node(plan, part) : NULL;

		for (size_t i = 0; node && i < node->statement_count; i++)
			if (makes(node, plan->statements[node->statements[i]].role))
				add_edge(plan, node->statements[i], joining);
	}
}

static bool is_partition_of(const struct object *table, const struct object *parent)
{
	for (uint32_t i = 0; table && i < table->need_count; i++)
		if (table->needs[i].object == parent)
			return object_attribute(table, "partition_bound");
	return false;
}

static bool gives_up(const struct change_node *node, enum statement_role role)
{
	return node_goes(node) ? role == ROLE_DROP : role == ROLE_RELEASE;
}

/* Where one partition gives up its place to others. */
static void add_sibling_edges(struct change_plan *plan, const struct change_node *parent,
                              const struct change_node *leaving)
{
	for (uint32_t i = 0; i < parent->after->needed_by_count; i++) {
		const struct change_node *coming = plan_node(plan, parent->after->needed_by[i].object);

		if (coming && is_partition_of(coming->after, parent->after))
			add_edges(plan, leaving, gives_up, coming, makes);
	}
}

static void add_place_edges(struct change_plan *plan, const struct change_node *parent)
{
	if (!parent->before || !parent->after || !node_attribute(parent, "partition_key"))
		return;
	for (uint32_t i = 0; i < parent->before->needed_by_count; i++) {
		const struct change_node *leaving = plan_node(plan, parent->before->needed_by[i].object);

		if (leaving && leaving->fate != FATE_KEEP && is_partition_of(leaving->before, parent->before))
			add_sibling_edges(plan, parent, leaving);
	}
}

static void add_table_edges(struct change_plan *plan, const struct change_node *table)
{
	for (size_t i = 0; i < table->statement_count; i++) {
		if (!plan->statements[table->statements[i]].joins)
			continue;
		add_joining_edges(plan, table, table->statements[i]);
		for (uint32_t j = 0; j < table->after->need_count; j++) {
			const struct change_node *parent = plan_node(plan, table->after->needs[j].object);

			if (parent && parent->after && node_is(parent, OBJECT_TABLE))
				add_joining_edges(plan, parent, table->statements[i]);
		}
	}
}

/* --- names ---------------------------------------------------------------- */

/* Relations, types and functions of the same name are in each other's way, whatever their kinds. */
static bool takes_name(const struct object *object)
{
	const enum object_kind_number kind = object_kind_number(object->kind);

	return (kind >= OBJECT_BASE_TYPE && kind <= OBJECT_AGGREGATE) || kind == OBJECT_INDEX ||
	       (kind >= OBJECT_SEQUENCE && kind <= OBJECT_MATERIALIZED_VIEW);
}

static int compare_identities(const void *a, const void *b)
{
	const struct change_node *const *left = a;
	const struct change_node *const *right = b;

	return strcmp(node_object(*left)->identity, node_object(*right)->identity);
}

static void add_name_edges(struct change_plan *plan)
{
	const struct change_node **nodes =
	    arena_array(plan->arena, const struct change_node *, plan->node_count + 1);
	size_t count = 0;

	for (size_t i = 0; i < plan->node_count; i++)
		if (plan->nodes[i].fate != FATE_KEEP && takes_name(node_object(&plan->nodes[i])))
			nodes[count++] = &plan->nodes[i];
	if (!count)
		return;
	qsort(nodes, count, sizeof(*nodes), compare_identities);
	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1; j < count && compare_identities(&nodes[i], &nodes[j]) == 0; j++) {
			if (node_goes(nodes[i]))
				add_edges(plan, dropper(nodes[i]), frees_name, node_maker(nodes[j]), creates);
			if (node_goes(nodes[j]))
				add_edges(plan, dropper(nodes[j]), frees_name, node_maker(nodes[i]), creates);
		}
}

/* --- order ---------------------------------------------------------------- */

static int compare_numbers(long a, long b)
{
	return (a > b) - (a < b);
}

static int compare_statements(const struct change_plan *plan, size_t a, size_t b)
{
	const struct plan_statement *left = &plan->statements[a];
	const struct plan_statement *right = &plan->statements[b];
	const int stage = compare_numbers((long)left->stage, (long)right->stage);
	const bool is_reverse = left->stage == STAGE_DROP || left->stage == STAGE_LOSE;
	const int rank = compare_numbers(left->rank, right->rank) * (is_reverse ? -1 : 1);
	const int identity = strcmp(left->public.object->identity, right->public.object->identity);

	return stage ? stage : rank ? rank : identity ? identity : compare_numbers((long)a, (long)b);
}

/* The statements that wait for nothing, the next one on top. */
struct ready {
	size_t *items;
	size_t count;
};

static void swap(size_t *a, size_t *b)
{
	const size_t kept = *a;

	*a = *b;
	*b = kept;
}

static void ready_add(const struct change_plan *plan, struct ready *ready, size_t statement)
{
	size_t at = ready->count++;

	ready->items[at] = statement;
	for (; at && compare_statements(plan, ready->items[at], ready->items[(at - 1) / 2]) < 0;
	     at = (at - 1) / 2)
		swap(&ready->items[at], &ready->items[(at - 1) / 2]);
}

static size_t ready_take(const struct change_plan *plan, struct ready *ready)
{
	const size_t taken = ready->items[0];
	size_t at = 0;

	ready->items[0] = ready->items[--ready->count];
	for (;;) {
		size_t least = at;

		for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < ready->count; child++)
			if (compare_statements(plan, ready->items[child], ready->items[least]) < 0)
				least = child;
		if (least == at)
			return taken;
		swap(&ready->items[at], &ready->items[least]);
		at = least;
	}
}

static bool fail_by_circle(const struct change_plan *plan, struct error *err)
{
	scoped_arena struct arena arena = {0};
	struct buffer text = {.arena = &arena};

	for (size_t i = 0; i < plan->statement_count; i++)
		if (plan->statements[i].waits_for)
			buffer_printf(&text, "%s%s", text.len ? "\n" : "", plan->statements[i].public.sql);
	error_set(err, ERROR_FOUND, "no order was found for statements that wait for each other");
	return error_detail(err, "%s", buffer_cstr(&text));
}

static size_t put_in_order(struct change_plan *plan)
{
	struct ready ready = {.items = arena_array(plan->arena, size_t, plan->statement_count + 1)};
	size_t count = 0;

	plan->order = arena_array(plan->arena, size_t, plan->statement_count + 1);
	for (size_t i = 0; i < plan->statement_count; i++)
		if (!plan->statements[i].waits_for)
			ready_add(plan, &ready, i);
	while (ready.count) {
		const size_t next = ready_take(plan, &ready);
		const struct plan_statement *statement = &plan->statements[next];

		plan->order[count++] = next;
		for (size_t i = 0; i < statement->follower_count; i++)
			if (--plan->statements[statement->followers[i]].waits_for == 0)
				ready_add(plan, &ready, statement->followers[i]);
	}
	return count;
}

bool plan_order_statements(struct change_plan *plan, struct error *err)
{
	for (size_t i = 0; i < plan->node_count; i++) {
		const struct change_node *node = &plan->nodes[i];

		if (node_is(node, OBJECT_TABLE))
			add_place_edges(plan, node);
		if (node->fate == FATE_KEEP)
			continue;
		if (node->after && (node_is(node, OBJECT_TABLE) || node_is(node, OBJECT_FOREIGN_TABLE)))
			add_table_edges(plan, node);
		add_own_edges(plan, node);
		if (node->after)
			add_new_edges(plan, node);
		if (node->before)
			add_old_edges(plan, node);
	}
	add_name_edges(plan);
	return put_in_order(plan) == plan->statement_count || fail_by_circle(plan, err);
}
