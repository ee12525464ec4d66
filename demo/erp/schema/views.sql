-- What the entity sets show. Left joins on keys: PostgreSQL drops those whose columns a query does not use. Lines join their
-- document the plain way, so that a query can start from the index on its date.
create schema odata;

create view odata.sales_invoice_lines as
select l.line_id, l.invoice_no, i.document_date, c.name as customer_name, m.name as item_name, g.name as category_name,
  r.name as region_name, e.name as salesperson_name, d.name as department_name, l.quantity, l.unit_price, l.amount,
  (l.amount - l.cost)::erp.money as profit
from erp.invoice_lines l
join erp.invoices i on i.invoice_no = l.invoice_no
left join erp.customers c on c.customer_id = i.customer_id
left join erp.regions r on r.region_id = c.region_id
left join erp.employees e on e.employee_no = c.salesperson_no
left join erp.departments d on d.department_id = e.department_id
left join erp.items m on m.item_code = l.item_code
left join erp.categories g on g.category_id = m.category_id;

create view odata.sales_order_lines as
select l.line_id, l.order_no, o.document_date, o.due_date, c.name as customer_name, m.name as item_name,
  e.name as salesperson_name, o.status, l.quantity, l.unit_price, l.amount
from erp.sales_order_lines l
join erp.sales_orders o on o.order_no = l.order_no
left join erp.customers c on c.customer_id = o.customer_id
left join erp.employees e on e.employee_no = c.salesperson_no
left join erp.items m on m.item_code = l.item_code;

create view odata.purchase_order_lines as
select l.line_id, l.order_no, o.document_date, o.due_date, v.name as vendor_name, m.name as item_name,
  e.name as buyer_name, o.status, l.quantity, l.unit_price, l.amount
from erp.purchase_order_lines l
join erp.purchase_orders o on o.order_no = l.order_no
left join erp.vendors v on v.vendor_id = o.vendor_id
left join erp.employees e on e.employee_no = v.buyer_no
left join erp.items m on m.item_code = l.item_code;

create view odata.stock_levels as
select s.stock_id, m.name as item_name, g.name as category_name, w.name as warehouse_name, s.quantity, s.safety_stock,
  m.unit_cost, (s.quantity * m.unit_cost)::erp.money as value
from erp.stock s
left join erp.items m on m.item_code = s.item_code
left join erp.categories g on g.category_id = m.category_id
left join erp.warehouses w on w.warehouse_id = s.warehouse_id;

-- Open items only. Days overdue are as of the day the data is made for, not as of the clock.
create view odata.receivable_items as
select i.invoice_no, i.document_date, i.due_date, c.name as customer_name, e.name as salesperson_name,
  greatest(0, s.day - i.due_date) as overdue_days, i.amount, (i.amount - i.paid_amount)::erp.money as balance
from erp.invoices i
cross join erp.state s
left join erp.customers c on c.customer_id = i.customer_id
left join erp.employees e on e.employee_no = c.salesperson_no
where i.amount > i.paid_amount;

create view odata.payable_items as
select b.bill_no, b.document_date, b.due_date, v.name as vendor_name, greatest(0, s.day - b.due_date) as overdue_days,
  b.amount, (b.amount - b.paid_amount)::erp.money as balance
from erp.bills b
cross join erp.state s
left join erp.vendors v on v.vendor_id = b.vendor_id
where b.amount > b.paid_amount;

create view odata.expense_claims as
select x.claim_no, x.document_date, e.name as employee_name, d.name as department_name, a.name as account_name, x.status,
  x.amount
from erp.expense_claims x
left join erp.employees e on e.employee_no = x.employee_no
left join erp.departments d on d.department_id = e.department_id
left join erp.expense_accounts a on a.account_id = x.account_id;

create view odata.budget_lines as
with actuals as (
  select e.department_id, x.account_id, date_trunc('month', x.document_date)::date as month, sum(x.amount) as amount
  from erp.expense_claims x join erp.employees e on e.employee_no = x.employee_no
  where x.status = 'approved'
  group by 1, 2, 3
)
select b.budget_id, d.name as department_name, a.name as account_name, b.month as document_date, b.amount as budget,
  coalesce(u.amount, 0)::erp.money as actual, (b.amount - coalesce(u.amount, 0))::erp.money as remaining
from erp.budgets b
left join actuals u on u.department_id = b.department_id and u.account_id = b.account_id and u.month = b.month
left join erp.departments d on d.department_id = b.department_id
left join erp.expense_accounts a on a.account_id = b.account_id;

create view odata.leave_balances as
select l.leave_id, e.name as employee_name, d.name as department_name, l.year, l.granted, l.used,
  (l.granted - l.used)::numeric(5, 1) as remaining
from erp.leave_balances l
left join erp.employees e on e.employee_no = l.employee_no
left join erp.departments d on d.department_id = e.department_id;

create view odata.employees as
select e.employee_no, e.name, d.name as department_name, e.title, e.phone, e.email, e.hire_date
from erp.employees e
left join erp.departments d on d.department_id = e.department_id;

create view odata.approval_documents as
select a.doc_no, a.document_date, a.doc_type, a.title, q.name as requester_name, p.name as approver_name, a.status
from erp.approval_documents a
left join erp.employees q on q.employee_no = a.requester_no
left join erp.employees p on p.employee_no = a.approver_no;

create view odata.production_orders as
select o.order_no, o.document_date, o.due_date, m.name as item_name, n.name as line_name, o.status, o.planned_quantity,
  o.produced_quantity, o.defect_quantity
from erp.production_orders o
left join erp.items m on m.item_code = o.item_code
left join erp.production_lines n on n.line_id = o.line_id;

create view odata.customers as
select c.customer_id, c.name, c.biz_no, c.ceo, c.phone, r.name as region_name, c.grade
from erp.customers c
left join erp.regions r on r.region_id = c.region_id;

create view odata.vendors as
select vendor_id, name, biz_no, ceo, phone from erp.vendors;

create view odata.items as
select m.item_code as code, m.name, g.name as category_name, m.unit_price
from erp.items m
left join erp.categories g on g.category_id = m.category_id;
