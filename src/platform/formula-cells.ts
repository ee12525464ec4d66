/** How a cell begins that a spreadsheet would run as a formula; a plain number is none. Whoever writes a CSV leads it by an apostrophe. */
export const formulaStart = /^(?!-?\d+(\.\d+)?$)[=+\-@\t\r\n＝＋－＠]/
