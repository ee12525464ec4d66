import type { EntitySet, Property } from './model.ts'

type Make = (name: string) => Property

const columnOf = (name: string) => name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase()

const text: Make = (name) => ({ name, column: columnOf(name), type: 'String', maxLength: 200 })
const date: Make = (name) => ({ name, column: columnOf(name), type: 'Date' })
const int: Make = (name) => ({ name, column: columnOf(name), type: 'Int32' })
const decimal = (precision: number, scale: number): Make => {
  return (name) => ({ name, column: columnOf(name), type: 'Decimal', precision, scale })
}
const money = decimal(18, 2)
const quantity = decimal(18, 0)
const days = decimal(5, 1)

function defineSet(name: string, entityType: string, key: string, properties: Property[]): EntitySet {
  return { name, entityType, view: columnOf(name), key: [key], properties }
}

/** What the service serves. The first property of every set is its key. */
export const entitySets: readonly EntitySet[] = [
  defineSet('SalesInvoiceLines', 'SalesInvoiceLine', 'LineId', [
    int('LineId'),
    ...['InvoiceNo', 'CustomerName', 'ItemName', 'CategoryName', 'RegionName', 'SalespersonName', 'DepartmentName'].map(
      text,
    ),
    date('DocumentDate'),
    quantity('Quantity'),
    ...['UnitPrice', 'Amount', 'Profit'].map(money),
  ]),
  defineSet('SalesOrderLines', 'SalesOrderLine', 'LineId', [
    int('LineId'),
    ...['OrderNo', 'CustomerName', 'ItemName', 'SalespersonName', 'Status'].map(text),
    ...['DocumentDate', 'DueDate'].map(date),
    quantity('Quantity'),
    ...['UnitPrice', 'Amount'].map(money),
  ]),
  defineSet('PurchaseOrderLines', 'PurchaseOrderLine', 'LineId', [
    int('LineId'),
    ...['OrderNo', 'VendorName', 'ItemName', 'BuyerName', 'Status'].map(text),
    ...['DocumentDate', 'DueDate'].map(date),
    quantity('Quantity'),
    ...['UnitPrice', 'Amount'].map(money),
  ]),
  defineSet('StockLevels', 'StockLevel', 'StockId', [
    int('StockId'),
    ...['ItemName', 'CategoryName', 'WarehouseName'].map(text),
    ...['Quantity', 'SafetyStock'].map(quantity),
    ...['UnitCost', 'Value'].map(money),
  ]),
  defineSet('ReceivableItems', 'ReceivableItem', 'InvoiceNo', [
    ...['InvoiceNo', 'CustomerName', 'SalespersonName'].map(text),
    ...['DocumentDate', 'DueDate'].map(date),
    int('OverdueDays'),
    ...['Amount', 'Balance'].map(money),
  ]),
  defineSet('PayableItems', 'PayableItem', 'BillNo', [
    ...['BillNo', 'VendorName'].map(text),
    ...['DocumentDate', 'DueDate'].map(date),
    int('OverdueDays'),
    ...['Amount', 'Balance'].map(money),
  ]),
  defineSet('ExpenseClaims', 'ExpenseClaim', 'ClaimNo', [
    ...['ClaimNo', 'EmployeeName', 'DepartmentName', 'AccountName', 'Status'].map(text),
    date('DocumentDate'),
    money('Amount'),
  ]),
  defineSet('BudgetLines', 'BudgetLine', 'BudgetId', [
    int('BudgetId'),
    ...['DepartmentName', 'AccountName'].map(text),
    date('DocumentDate'),
    ...['Budget', 'Actual', 'Remaining'].map(money),
  ]),
  defineSet('LeaveBalances', 'LeaveBalance', 'LeaveId', [
    int('LeaveId'),
    ...['EmployeeName', 'DepartmentName'].map(text),
    int('Year'),
    ...['Granted', 'Used', 'Remaining'].map(days),
  ]),
  defineSet('Employees', 'Employee', 'EmployeeNo', [
    ...['EmployeeNo', 'Name', 'DepartmentName', 'Title', 'Phone', 'Email'].map(text),
    date('HireDate'),
  ]),
  defineSet('ApprovalDocuments', 'ApprovalDocument', 'DocNo', [
    ...['DocNo', 'DocType', 'Title', 'RequesterName', 'ApproverName', 'Status'].map(text),
    date('DocumentDate'),
  ]),
  defineSet('ProductionOrders', 'ProductionOrder', 'OrderNo', [
    ...['OrderNo', 'ItemName', 'LineName', 'Status'].map(text),
    ...['DocumentDate', 'DueDate'].map(date),
    ...['PlannedQuantity', 'ProducedQuantity', 'DefectQuantity'].map(quantity),
  ]),
  defineSet('Customers', 'Customer', 'CustomerId', [
    ...['CustomerId', 'Name', 'Ceo', 'Phone', 'RegionName', 'Grade'].map(text),
    // Customers abroad have none.
    { ...text('BizNo'), nullable: true },
  ]),
  defineSet('Vendors', 'Vendor', 'VendorId', [
    ...['VendorId', 'Name', 'Ceo', 'Phone'].map(text),
    { ...text('BizNo'), nullable: true },
  ]),
  defineSet('Items', 'Item', 'Code', [...['Code', 'Name', 'CategoryName'].map(text), money('UnitPrice')]),
]
