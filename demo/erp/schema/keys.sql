alter table erp.departments add primary key (department_id);
alter table erp.employees add primary key (employee_no), add foreign key (department_id) references erp.departments;
alter table erp.regions add primary key (region_id);
alter table erp.customers add primary key (customer_id),
  add foreign key (region_id) references erp.regions, add foreign key (salesperson_no) references erp.employees;
alter table erp.vendors add primary key (vendor_id), add foreign key (buyer_no) references erp.employees;
alter table erp.categories add primary key (category_id);
alter table erp.items add primary key (item_code),
  add foreign key (category_id) references erp.categories, add foreign key (vendor_id) references erp.vendors;
alter table erp.warehouses add primary key (warehouse_id);
alter table erp.production_lines add primary key (line_id);
alter table erp.expense_accounts add primary key (account_id);

alter table erp.sales_orders add primary key (order_no), add foreign key (customer_id) references erp.customers;
alter table erp.sales_order_lines add primary key (line_id),
  add foreign key (order_no) references erp.sales_orders, add foreign key (item_code) references erp.items;
alter table erp.invoices add primary key (invoice_no),
  add foreign key (order_no) references erp.sales_orders, add foreign key (customer_id) references erp.customers,
  add check (paid_amount between 0 and amount);
alter table erp.invoice_lines add primary key (line_id),
  add foreign key (invoice_no) references erp.invoices, add foreign key (item_code) references erp.items;
alter table erp.purchase_orders add primary key (order_no), add foreign key (vendor_id) references erp.vendors;
alter table erp.purchase_order_lines add primary key (line_id),
  add foreign key (order_no) references erp.purchase_orders, add foreign key (item_code) references erp.items;
alter table erp.bills add primary key (bill_no),
  add foreign key (order_no) references erp.purchase_orders, add foreign key (vendor_id) references erp.vendors,
  add check (paid_amount between 0 and amount);
alter table erp.stock add primary key (stock_id), add unique (item_code, warehouse_id),
  add foreign key (item_code) references erp.items, add foreign key (warehouse_id) references erp.warehouses;
alter table erp.production_orders add primary key (order_no),
  add foreign key (item_code) references erp.items, add foreign key (line_id) references erp.production_lines;
alter table erp.expense_claims add primary key (claim_no),
  add foreign key (employee_no) references erp.employees, add foreign key (account_id) references erp.expense_accounts;
alter table erp.budgets add primary key (budget_id), add unique (department_id, account_id, month),
  add foreign key (department_id) references erp.departments, add foreign key (account_id) references erp.expense_accounts;
alter table erp.leave_balances add primary key (leave_id), add unique (employee_no, year),
  add foreign key (employee_no) references erp.employees;
alter table erp.approval_documents add primary key (doc_no),
  add foreign key (requester_no) references erp.employees, add foreign key (approver_no) references erp.employees;

create index on erp.invoices (document_date) include (invoice_no, customer_id);
create index on erp.invoices (customer_id, document_date);
create index on erp.invoices (due_date) where amount > paid_amount;
create index on erp.invoice_lines (invoice_no) include (item_code, quantity, amount, cost);
create index on erp.sales_orders (document_date);
create index on erp.sales_orders (status, due_date);
create index on erp.sales_order_lines (order_no);
create index on erp.purchase_orders (document_date);
create index on erp.purchase_orders (status, due_date);
create index on erp.purchase_order_lines (order_no);
create index on erp.bills (due_date) where amount > paid_amount;
create index on erp.production_orders (document_date);
create index on erp.expense_claims (document_date);
create index on erp.expense_claims (employee_no);
create index on erp.budgets (month);
create index on erp.approval_documents (document_date);
create index on erp.approval_documents (status, approver_no);
-- Only what is large enough for a plan to go wrong.
analyze erp.invoices, erp.invoice_lines, erp.sales_orders, erp.sales_order_lines, erp.purchase_orders,
  erp.purchase_order_lines, erp.bills, erp.expense_claims, erp.budgets, erp.approval_documents, erp.production_orders;
-- Those who follow the changes learn the row before, so that they can tell which of its columns did.
alter table erp.customers replica identity full;
alter table erp.vendors replica identity full;
alter table erp.items replica identity full;
alter table erp.employees replica identity full;
alter table erp.departments replica identity full;
alter table erp.regions replica identity full;
alter table erp.categories replica identity full;
alter table erp.warehouses replica identity full;
alter table erp.production_lines replica identity full;
alter table erp.expense_accounts replica identity full;
alter table erp.invoices replica identity full;
