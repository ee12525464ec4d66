import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findEntitySet } from '../model.ts'
import { relationOf } from './apply-sql.ts'
import { ODataError } from './errors.ts'
import { compileCondition } from './filter-sql.ts'
import { parseFilter } from './parse-filter.ts'
import { createParams } from './scope.ts'

const { scope } = relationOf(findEntitySet('SalesInvoiceLines')!)
const stock = relationOf(findEntitySet('StockLevels')!).scope
const customers = relationOf(findEntitySet('Customers')!).scope

function compile(text: string, within = scope) {
  const params = createParams()
  const sql = compileCondition(parseFilter(text), within, params)
  return { sql, values: params.values }
}

function refusal(text: string, within = scope): { status: number; code: string; message: string } {
  try {
    compile(text, within)
  } catch (error) {
    if (error instanceof ODataError) return { status: error.status, code: error.code, message: error.message }
    throw error
  }
  throw new Error(`'${text}' was accepted`)
}

describe('filter', () => {
  it('compares a property with values of every type, as parameters', () => {
    expect(compile("CustomerName eq '한빛상사'")).toEqual({ sql: '(customer_name = $1::text)', values: ['한빛상사'] })
    expect(compile('Amount ge 30000000.5')).toEqual({ sql: '(amount >= $1::numeric)', values: ['30000000.5'] })
    expect(compile('DocumentDate lt 2026-11-01')).toEqual({ sql: '(document_date < $1::date)', values: ['2026-11-01'] })
    expect(compile('LineId eq 5')).toEqual({ sql: '(line_id = $1::integer)', values: ['5'] })
    expect(compile('-1.5e3 lt Profit')).toEqual({ sql: '($1::numeric < profit)', values: ['-1.5e3'] })
  })

  it('keeps quotes, backslashes and patterns in a string as they are', () => {
    expect(compile("contains(ItemName,'a''b\\%_')")).toEqual({
      sql: '(strpos(item_name, $1::text) > 0)',
      values: ["a'b\\%_"],
    })
  })

  it('gives and its precedence over or, and not to what it stands before', () => {
    const text = "CustomerName eq 'a' or CustomerName eq 'b' and not (Amount gt 1)"
    expect(compile(text).sql).toBe(
      '((customer_name = $1::text) or ((customer_name = $2::text) and (not (amount > $3::numeric))))',
    )
    expect(refusal("not CustomerName eq 'a'")).toMatchObject({ status: 400, code: 'TypeMismatch' })
  })

  it('takes a property on both sides, a list, and functions inside functions', () => {
    expect(compile('Quantity lt SafetyStock', stock).sql).toBe('(quantity < safety_stock)')
    expect(compile("CustomerName in ('a','b')")).toEqual({
      sql: '(customer_name = any($1::text[]))',
      values: [['a', 'b']],
    })
    expect(compile("startswith(tolower(CustomerName),'pac') and month(DocumentDate) eq 11").sql).toBe(
      '((starts_with((lower(customer_name collate pg_c_utf8)), $1::text)) and ' +
        '((extract(month from document_date)::integer) = $2::integer))',
    )
  })

  it('treats null as a value: equal to itself, different from the rest', () => {
    expect(compile('BizNo eq null', customers).sql).toBe('(biz_no is null)')
    expect(compile("BizNo ne '1'", customers).sql).toBe('(biz_no is distinct from $1::text)')
    expect(compile("not (BizNo lt '1')", customers).sql).toBe('(not ((biz_no < $1::text) is true))')
  })

  it.each([
    ['', 'expected a property'],
    ['Amount', 'Edm.Decimal'],
    ['Amount gt', 'found the end'],
    ['Amount gt 1 2', 'position 13'],
    ["Amount gt 'x'", 'Cannot compare'],
    ["DocumentDate gt '2026-11-01'", 'Cannot compare'],
    ['DocumentDate gt 2026-02-30', 'no such day'],
    ['DocumentDate gt 2026-11-01T00:00:00Z', 'without a time'],
    ['Amout gt 1', "'Amout' is not a property of SalesInvoiceLines. It has: LineId"],
    ['amount gt 1', "'amount' is not a property"],
    ["CustomerName eq 'open", 'not closed'],
    ["CustomerName eq 'a\u0000b'", 'control character'],
    ['Amount gt 1;drop table x', 'no meaning'],
    ['Amount gt 1)', 'position 12'],
    ['12abc eq 1', 'a space is missing'],
    ['CustomerName in ()', "'in' takes a list"],
    ["Amount in (1,'a')", 'list'],
    ["contains(Amount,'1')", 'contains takes (Edm.String, Edm.String)'],
    ['explode(Amount)', "no function 'explode'"],
    ['constructor(Amount)', "no function 'constructor'"],
    ['__proto__ eq 1', 'not a property'],
    [`Amount gt ${'9'.repeat(60)}`, 'too many digits'],
  ])('refuses %j and says why', (text, why) => {
    const { status, message } = refusal(text)
    expect(status).toBe(400)
    expect(message).toContain(why)
  })

  it('says 501 for OData it does not do', () => {
    expect(refusal('Amount add 1 gt 2').status).toBe(501)
    expect(refusal("substring(CustomerName,1) eq 'a'").status).toBe(501)
    expect(refusal("Customer/Name eq 'a'").status).toBe(501)
  })

  it('bounds length, depth and lists instead of exhausting the stack', () => {
    expect(refusal('('.repeat(9_000))).toMatchObject({ status: 400 })
    expect(refusal(`${'not '.repeat(2_000)}true`)).toMatchObject({ status: 400 })
    expect(refusal(`${'('.repeat(60)}true${')'.repeat(60)}`).message).toContain('levels')
    expect(refusal(`Amount eq ${'1'.repeat(20_000)}`).code).toBe('TooLong')
    expect(refusal(`LineId in (${Array.from({ length: 1_200 }, () => 1).join()})`).message).toContain('at most 1000')
    expect(compile(Array.from({ length: 500 }, () => 'LineId eq 1').join(' or ')).values).toHaveLength(500)
  })

  it('never fails with anything but an OData error, whatever the text', () => {
    const words = fc.constantFrom(
      ...'( ) , / and or not eq ne lt in null true Amount CustomerName DocumentDate contains tolower year 1 -2.5 2026-11-23'.split(
        ' ',
      ),
      "'a'",
      "'",
      ' ',
      '$count',
      "''''",
    )
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(words, { maxLength: 40 }).map((parts) => parts.join(' ')),
    )
    fc.assert(
      fc.property(text, (filter) => {
        try {
          const { sql, values } = compile(filter)
          // Nothing of the text is in the statement: only our own words, columns and placeholders.
          expect(sql).toMatch(/^[a-z0-9_ $:()[\]=<>,]*$/)
          for (const [i] of values.entries()) expect(sql).toContain(`$${i + 1}::`)
        } catch (error) {
          if (!(error instanceof ODataError)) throw error
        }
      }),
      { numRuns: 1_000 },
    )
  })
})
