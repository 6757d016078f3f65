# Models of ORMs are what migrations lead to: SQLAlchemy, Django and Drizzle as people use them.

load ../lib/rung

setup() {
	rung_setup
	SERVER=$(server_url main postgres)
}

by() { printf '[create]\ndesired_command = %s\n' "$1" >rung.ini; }

# creates NAME - a pair is generated and goes up; then there is nothing left.
creates() {
	run_rung create "$1" --server "$SERVER"
	assert_status 0
	run_rung upgrade
	assert_status 0
	run_rung create again --server "$SERVER"
	assert_status 0
	assert_output_contains "nothing to write"
}

@test "SQLAlchemy: Base.metadata.create_all" {
	need_python sqlalchemy psycopg2
	cat >models.py <<-'PY'
		import os
		from sqlalchemy import Column, Enum, ForeignKey, Integer, MetaData, Numeric, Table, Text, create_engine, text
		meta = MetaData(schema=None)
		Table("customers", meta, Column("id", Integer, primary_key=True), Column("email", Text, nullable=False, unique=True))
		Table("orders", meta, Column("id", Integer, primary_key=True), Column("customer_id", ForeignKey("customers.id"), index=True),
		      Column("state", Enum("open", "paid", name="order_state"), nullable=False, server_default="open"))
		# more
		meta.create_all(create_engine(os.environ["DATABASE_URL"]))
	PY
	by "$python models.py"
	creates first
	assert_sql "select enum_range(null::order_state)" "{open,paid}"
	sed -i 's/^# more/meta.tables["orders"].append_column(Column("total", Numeric(10, 2), nullable=False, server_default=text("0")))/' models.py
	creates total
	assert_equal "$(grep -v '^--' schema/02_total.sql | grep .)" "ALTER TABLE public.orders ADD COLUMN total numeric(10,2) DEFAULT 0 NOT NULL;"
	run_rung downgrade base --force
	assert_status 0
}

@test "Django: manage.py migrate" {
	need_python django psycopg2
	mkdir -p shop/migrations
	touch shop/__init__.py shop/migrations/__init__.py
	cat >settings.py <<-'PY'
		import os
		SECRET_KEY = "x"
		USE_TZ = True
		DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
		INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "shop"]
		DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": os.environ["PGDATABASE"],
		             "USER": os.environ["PGUSER"], "HOST": os.environ["PGHOST"], "PORT": os.environ["PGPORT"]}}
	PY
	cat >shop/models.py <<-'PY'
		from django.db import models
		class Product(models.Model):
		    name = models.CharField(max_length=80, unique=True)
		    price = models.DecimalField(max_digits=10, decimal_places=2)
		    owner = models.ForeignKey("auth.User", null=True, on_delete=models.SET_NULL)
		    class Meta:
		        constraints = [models.CheckConstraint(check=models.Q(price__gte=0), name="price_positive")]
	PY
	export DJANGO_SETTINGS_MODULE=settings PYTHONPATH=$PWD PYTHONDONTWRITEBYTECODE=1
	by "$python -m django makemigrations shop && $python -m django migrate"
	creates first
	assert_errors_contain "left out, because another tool keeps its history there: table public.django_migrations"
	assert_sql "select to_regclass('django_migrations')" ""
	assert_sql "select to_regclass('auth_user')" auth_user
	sed -i 's/^    class Meta:/    is_active = models.BooleanField(default=True)\n    class Meta:/' shop/models.py
	creates active
	grep -q 'ADD COLUMN is_active boolean' schema/02_active.sql
	run_rung downgrade base --force
	assert_status 0
}

# need_drizzle - its packages are in node_modules; they are plain JavaScript and fetched once.
need_drizzle() {
	local kept=$RUNG_TEST_CACHE/drizzle
	command -v npm >/dev/null || skip "no npm"
	if [ ! -e "$kept/complete" ]; then
		mkdir -p "$kept"
		echo '{"private": true}' >"$kept/package.json"
		npm install --prefix "$kept" --ignore-scripts --no-audit --no-fund drizzle-orm@0.44 drizzle-kit@0.31 pg@8 >&2 3>&- ||
			skip "npm cannot fetch Drizzle"
		touch "$kept/complete"
	fi
	ln -s "$kept/node_modules" .
}

@test "Drizzle: drizzle-kit push, and export" {
	long_only
	need_drizzle
	cat >models.js <<-'JS'
		const { pgTable, serial, text, integer, pgEnum } = require("drizzle-orm/pg-core");
		const state = pgEnum("order_state", ["open", "paid"]);
		const customers = pgTable("customers", { id: serial("id").primaryKey(), email: text("email").notNull().unique() });
		const orders = pgTable("orders", {
		  id: serial("id").primaryKey(), state: state("state").notNull().default("open"),
		  customerId: integer("customer_id").references(() => customers.id),
		});
		module.exports = { state, customers, orders };
	JS
	cat >drizzle.config.js <<-'JS'
		module.exports = { dialect: "postgresql", schema: "./models.js", dbCredentials: { url: process.env.DATABASE_URL } };
	JS
	by 'npx drizzle-kit push --force'
	creates first
	assert_sql "select enum_range(null::order_state)" "{open,paid}"
	run_rung diff schema 'command:npx drizzle-kit export | psql -Xq -v ON_ERROR_STOP=1' --exit-code --server "$SERVER"
	assert_status 0
	sed -i 's/^  id: serial("id").primaryKey(), state/  id: serial("id").primaryKey(), note: text("note"), state/' models.js
	creates note
	grep -q 'ADD COLUMN note text' schema/02_note.sql
}
