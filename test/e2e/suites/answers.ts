import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Answer } from '../../../src/chat/api.ts'
import { createErpFigures } from '../../support/erp-sql.ts'
import type { Person, TestOffice } from '../../support/office.ts'

const run = promisify(execFile)

/** An exact figure as the ERP's SQL writes it: 1200.00 and 1200 are the same amount. */
const plain = (figure: string | null | undefined) => (figure ?? '0').replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')
const headlineOf = (answer: Answer) => plain(answer.headline?.exact)
const columnOf = (answer: Answer, name: string) => {
  const at = answer.table?.columns.findIndex((column) => column.name === name) ?? -1
  return answer.table?.rows.map((row) => String(row[at]?.value))
}

/** Everyday questions through the HTTP API and the command line, their numbers held against SQL on the ERP's own tables. */
export function describeAnswers(office: () => TestOffice): void {
  describe('questions in plain words', () => {
    let figures: ReturnType<typeof createErpFigures>
    let executive: Person
    beforeAll(async () => {
      figures = createErpFigures(office())
      executive = await office().signIn('sanghyun')
    })
    const ask = async (text: string, conversationId?: string) => {
      const reply = await executive.ask(text, conversationId)
      return { ...reply, answer: reply.turn.answer }
    }

    test('a total is the ERP’s own, with its source and age', async () => {
      const { answer } = await ask('이번 달 매출 얼마야?')
      expect(headlineOf(answer)).toBe(plain(await figures.sales(await figures.month())))
      expect(answer).toMatchObject({ kind: 'answered', language: 'ko', source: 'live' })
      expect(answer.text).toMatch(/매출.*원.*이에요|예요/)
      expect(answer.sourceText).toMatch(/ERP 실시간 · \d\d:\d\d 기준/)
      expect(Math.abs(Date.now() - Date.parse(answer.asOf ?? ''))).toBeLessThan(60_000)
    })

    test('the same question in English gives the same number in English', async () => {
      const { answer } = await ask('total sales this month?')
      expect(headlineOf(answer)).toBe(plain(await figures.sales(await figures.month())))
      expect(answer.language).toBe('en')
      expect(answer.text).toMatch(/Sales/)
    })

    test('a ranking has the right names, amounts and order', async () => {
      const { answer } = await ask('지난달 매출 상위 5개 거래처')
      const expected = await figures.topCustomers(5, await figures.month(1))
      expect(columnOf(answer, 'customer')).toEqual(expected.map((row) => row.name))
      expect(columnOf(answer, 'amount')?.map(plain)).toEqual(expected.map((row) => plain(row.amount)))
      expect(answer.chart?.kind).toBe('bar')
    })

    test.each([
      ['미수금 총액 알려줘', () => figures.receivables()],
      ['A-100 재고 몇 개 있어?', () => figures.stockOf('A-100')],
      ['미입고 발주 몇 건이야?', () => figures.openPurchaseOrders()],
    ])('%s', async (question, expected) => {
      const { answer } = await ask(question)
      expect(headlineOf(answer)).toBe(plain(await expected()))
    })

    test('an attribute is told in the sentence', async () => {
      const { answer } = await ask('오세진 과장 전화번호 알려줘')
      expect(answer.text).toContain(await figures.phoneOf('오세진'))
    })

    test('follow-ups keep what was said before', async () => {
      const first = await ask('이번 달 매출 얼마야?')
      const { answer: earlier } = await ask('그럼 지난달은?', first.conversationId)
      const lastMonth = await figures.month(1)
      expect(headlineOf(earlier)).toBe(plain(await figures.sales(lastMonth)))
      const { answer: ranked } = await ask('거래처별로 상위 3개만', first.conversationId)
      const expected = await figures.topCustomers(3, lastMonth)
      expect(columnOf(ranked, 'customer')).toEqual(expected.map((row) => row.name))

      const kept = await executive.conversation(first.conversationId)
      expect(kept.turns.map((turn) => turn.question)).toEqual([
        '이번 달 매출 얼마야?',
        '그럼 지난달은?',
        '거래처별로 상위 3개만',
      ])
      expect(kept.turns[1]?.answer).toEqual(earlier)
    })

    test('two names that fit are asked back, and the answer to that is understood', async () => {
      const { answer, conversationId } = await ask('한빛 이번 달 매출 얼마야?')
      expect(answer.kind).toBe('clarify')
      expect(answer.prompts.map((prompt) => prompt.label).sort()).toEqual(['한빛상사', '한빛전자'])
      const { answer: chosen } = await ask('한빛전자', conversationId)
      expect(chosen.query?.where).toEqual([['customer', 'eq', '한빛전자']])
      expect(chosen.kind).toBe('answered')
    })

    test.each(['내일 비 와?', '발주 100개 넣어줘', 'write me a poem'])(
      '%s is declined, with no number',
      async (question) => {
        const { answer } = await ask(question)
        expect(answer.kind).toBe('out-of-scope')
        expect(answer.headline).toBeUndefined()
        expect(answer.query).toBeUndefined()
      },
    )

    test('the command line prints the same number', async () => {
      const { answer } = await ask('이번 달 매출 얼마야?')
      const { stdout } = await run(process.execPath, ['src/cli/ask.ts', '이번 달 매출 얼마야?', '--as', 'sanghyun'], {
        env: { ...process.env, DATA_DIR: office().dataDir },
      })
      expect(stdout).toContain(answer.text.replaceAll('**', ''))
      expect(stdout).toContain('ERP 실시간')
    })

    test('an export holds every row with exact values', async () => {
      const { turn, conversationId } = await ask('지난달 거래처별 매출')
      const reply = await fetch(
        new URL(`/api/v1/conversations/${conversationId}/turns/${turn.turnId}/export?format=csv`, office().url),
        {
          headers: { authorization: `Bearer ${executive.token}` },
        },
      )
      expect(reply.status).toBe(200)
      const csv = await reply.text()
      const [top] = await figures.topCustomers(1, await figures.month(1))
      expect(csv).toContain(`${top?.name}`)
      expect(csv).toContain(plain(top?.amount))
    })
  })

  describe('what each person may see', () => {
    test('a salesperson sees only their own sales', async () => {
      const figures = createErpFigures(office())
      const month = await figures.month()
      const minsu = await office().signIn('minsu')
      const eunbi = await office().signIn('eunbi')
      const [mine, hers, asked] = await Promise.all([
        minsu.ask('이번 달 매출 얼마야?'),
        eunbi.ask('이번 달 매출 얼마야?'),
        minsu.ask('조은비 이번 달 매출 얼마야?'),
      ])
      expect(headlineOf(mine.turn.answer)).toBe(plain(await figures.salesOf('김민수', month)))
      expect(headlineOf(hers.turn.answer)).toBe(plain(await figures.salesOf('조은비', month)))
      expect(headlineOf(mine.turn.answer)).not.toBe(headlineOf(hers.turn.answer))
      expect(JSON.stringify(asked.turn.answer)).not.toContain(headlineOf(hers.turn.answer))
    })

    test('leave is one’s own for an employee, and everybody’s for an executive', async () => {
      const figures = createErpFigures(office())
      const somi = await office().signIn('somi')
      const year = Number((await figures.month()).from.slice(0, 4))
      const own = await somi.ask('내 올해 연차 며칠 남았어?')
      expect(headlineOf(own.turn.answer)).toBe(plain(await figures.leaveLeft('안소미', year)))
      const others = await somi.ask('김민수 올해 연차 며칠 남았어?')
      expect(others.turn.answer.headline?.exact ?? '0').toBe('0')
      const executive = await office().signIn('sanghyun')
      const seen = await executive.ask('김민수 올해 연차 며칠 남았어?')
      expect(headlineOf(seen.turn.answer)).toBe(plain(await figures.leaveLeft('김민수', year)))
    })

    test('what a role may not see at all is refused, with whom to ask', async () => {
      const somi = await office().signIn('somi')
      const { turn } = await somi.ask('미지급금 총액 알려줘')
      expect(turn.answer).toMatchObject({ kind: 'not-allowed' })
      expect(turn.answer.text).toMatch(/권한/)
      expect(turn.answer.table).toBeUndefined()
    })

    test('another person’s conversation does not exist', async () => {
      const somi = await office().signIn('somi')
      const executive = await office().signIn('sanghyun')
      const { conversationId } = await executive.ask('이번 달 매출 얼마야?')
      const reply = await somi.call(`/api/v1/conversations/${conversationId}`)
      expect(reply).toMatchObject({ status: 404, body: { error: { code: 'CONVERSATION_NOT_FOUND' } } })
    })
  })
}
