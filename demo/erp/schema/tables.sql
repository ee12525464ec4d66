-- The ERP's own tables, normalised. Keys and indexes come after the rows (keys.sql), which is twice as fast.
-- pg_c_utf8: order by code point, the same on every machine, and right for Hangul.
create schema erp;
create domain erp.label as text collate pg_c_utf8;
create domain erp.money as numeric(18, 2);

create table erp.state (day date not null, seed integer not null, data_version integer not null);

create table erp.departments (department_id integer not null, name erp.label not null);
create table erp.employees (
  employee_no erp.label not null, name erp.label not null, department_id integer not null, title erp.label not null,
  phone erp.label not null, email erp.label not null, hire_date date not null
);
create table erp.regions (region_id integer not null, name erp.label not null);
create table erp.customers (
  customer_id erp.label not null, name erp.label not null, biz_no erp.label, ceo erp.label not null, phone erp.label not null,
  region_id integer not null, grade erp.label not null, salesperson_no erp.label not null, terms_days integer not null
);
create table erp.vendors (
  vendor_id erp.label not null, name erp.label not null, biz_no erp.label, ceo erp.label not null, phone erp.label not null,
  buyer_no erp.label not null, terms_days integer not null
);
create table erp.categories (category_id integer not null, name erp.label not null);
create table erp.items (
  item_code erp.label not null, name erp.label not null, category_id integer not null, vendor_id erp.label not null,
  unit_price erp.money not null, unit_cost erp.money not null
);
create table erp.warehouses (warehouse_id integer not null, name erp.label not null);
create table erp.production_lines (line_id integer not null, name erp.label not null);
create table erp.expense_accounts (account_id integer not null, name erp.label not null);

create table erp.sales_orders (
  order_no erp.label not null, document_date date not null, due_date date not null, customer_id erp.label not null,
  status erp.label not null
);
create table erp.sales_order_lines (
  line_id integer not null, order_no erp.label not null, item_code erp.label not null, quantity numeric(18, 0) not null,
  unit_price erp.money not null, amount erp.money not null
);
create table erp.invoices (
  invoice_no erp.label not null, order_no erp.label, document_date date not null, due_date date not null,
  customer_id erp.label not null, amount erp.money not null, paid_amount erp.money not null
);
create table erp.invoice_lines (
  line_id integer not null, invoice_no erp.label not null, item_code erp.label not null, quantity numeric(18, 0) not null,
  unit_price erp.money not null, amount erp.money not null, cost erp.money not null
);
create table erp.purchase_orders (
  order_no erp.label not null, document_date date not null, due_date date not null, vendor_id erp.label not null,
  status erp.label not null
);
create table erp.purchase_order_lines (
  line_id integer not null, order_no erp.label not null, item_code erp.label not null, quantity numeric(18, 0) not null,
  unit_price erp.money not null, amount erp.money not null
);
create table erp.bills (
  bill_no erp.label not null, order_no erp.label not null, document_date date not null, due_date date not null,
  vendor_id erp.label not null, amount erp.money not null, paid_amount erp.money not null
);
create table erp.stock (
  stock_id integer not null, item_code erp.label not null, warehouse_id integer not null, quantity numeric(18, 0) not null,
  safety_stock numeric(18, 0) not null
);
create table erp.production_orders (
  order_no erp.label not null, document_date date not null, due_date date not null, item_code erp.label not null,
  line_id integer not null, status erp.label not null, planned_quantity numeric(18, 0) not null,
  produced_quantity numeric(18, 0) not null, defect_quantity numeric(18, 0) not null
);
create table erp.expense_claims (
  claim_no erp.label not null, document_date date not null, employee_no erp.label not null, account_id integer not null,
  status erp.label not null, amount erp.money not null
);
create table erp.budgets (
  budget_id integer not null, department_id integer not null, account_id integer not null, month date not null,
  amount erp.money not null
);
create table erp.leave_balances (
  leave_id integer not null, employee_no erp.label not null, year integer not null, granted numeric(5, 1) not null,
  used numeric(5, 1) not null
);
create table erp.approval_documents (
  doc_no erp.label not null, document_date date not null, doc_type erp.label not null, title erp.label not null,
  requester_no erp.label not null, approver_no erp.label not null, status erp.label not null
);
