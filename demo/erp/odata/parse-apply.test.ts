import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findEntitySet } from '../model.ts'
import { applyTransformations, relationOf } from './apply-sql.ts'
import { ODataError } from './errors.ts'
import { parseApply } from './parse-apply.ts'
import { createParams } from './scope.ts'

const sales = relationOf(findEntitySet('SalesInvoiceLines')!)

function apply(text: string) {
  const params = createParams()
  return { ...applyTransformations(sales, parseApply(text), params), values: params.values }
}

function refusal(text: string): ODataError {
  try {
    apply(text)
  } catch (error) {
    if (error instanceof ODataError) return error
    throw error
  }
  throw new Error(`'${text}' was accepted`)
}

describe('apply', () => {
  it('runs filter, compute, groupby and filter one after the other', () => {
    const relation = apply(
      "filter(CustomerName eq '한빛상사')/compute(year(DocumentDate) as Y,month(DocumentDate) as M)" +
        '/groupby((Y,M),aggregate(Amount with sum as Total,$count as N))/filter(Total gt 10)',
    )
    expect(relation.from).toBe(
      '(select * from (select a0, a1, sum(amount::numeric) as a2, count(*) as a3 from ' +
        '(select *, (extract(year from document_date)::integer) as a0, (extract(month from document_date)::integer) as a1 from ' +
        '(select * from odata.sales_invoice_lines where (customer_name = $1::text)) s) s group by a0, a1) s ' +
        'where (a2 > $2::numeric) is true) s'.replace(
          'where (a2 > $2::numeric) is true',
          'where ((a2 > $2::numeric) is true)',
        ),
    )
    expect(relation.scope.columns.map(({ name }) => name)).toEqual(['Y', 'M', 'Total', 'N'])
    expect(relation.keys.map(({ name }) => name)).toEqual(['Y', 'M'])
    expect(relation.values).toEqual(['한빛상사', '10'])
  })

  it('has one row and no key for aggregate alone, and distinct rows for groupby alone', () => {
    expect(apply('aggregate(Amount with average as A,ItemName with countdistinct as Items)').keys).toEqual([])
    expect(apply('groupby((CustomerName))').from).toBe(
      '(select customer_name from odata.sales_invoice_lines group by customer_name) s',
    )
  })

  it('never puts an alias in the statement', () => {
    const { from } = apply('aggregate(Amount with sum as drop_table_x)')
    expect(from).not.toContain('drop')
  })

  it.each([
    ['', 'expected a name'],
    ['group((A))', 'expected filter, compute, groupby or aggregate'],
    ['groupby(CustomerName)', "expected '('"],
    ['groupby((Nothing))', "'Nothing' is not a property"],
    ['aggregate(Amount)', "expected 'with'"],
    ['aggregate(Amount with sum)', "expected 'as'"],
    ['aggregate(Amount with median as X)', 'expected one of sum, min'],
    ['aggregate(CustomerName with sum as X)', 'sum needs a number'],
    ['aggregate(Amount with sum as X,Profit with sum as X)', "'X' is there twice"],
    ['compute(year(DocumentDate) as Amount)', "'Amount' is there twice"],
    ['aggregate($count)', "expected 'as'"],
    ['aggregate($count as $x)', 'not an alias'],
    ['aggregate($count as N)/filter(Amount gt 1)', "'Amount' is not a property of the result of $apply. It has: N."],
    ['filter(Amount gt 1)/', 'expected a name'],
    [`${'aggregate($count as N)/'.repeat(9)}aggregate($count as N)`, 'more than 8'],
  ])('refuses %j and says why', (text, why) => {
    const { status, message } = refusal(text)
    expect(status).toBe(400)
    expect(message).toContain(why)
  })

  it('says 501 for transformations it does not do', () => {
    expect(refusal('topcount(5,Amount)').status).toBe(501)
    expect(refusal('groupby((rollup(CustomerName)))').status).toBe(501)
    expect(refusal('groupby((CustomerName),topcount(1,Amount))').status).toBe(501)
  })

  it('never fails with anything but an OData error, whatever the text', () => {
    const words = fc.constantFrom(
      ...'( ) , / filter( groupby(( aggregate( compute( Amount CustomerName with sum as X Y $count year(DocumentDate) gt 1'.split(
        ' ',
      ),
    )
    const text = fc.oneof(
      fc.string(),
      fc.array(words, { maxLength: 30 }).map((parts) => parts.join(' ')),
    )
    fc.assert(
      fc.property(text, (input) => {
        try {
          apply(input)
        } catch (error) {
          if (!(error instanceof ODataError)) throw error
        }
      }),
      { numRuns: 1_000 },
    )
  })
})
