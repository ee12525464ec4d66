import type { Answer, AnswerTable, Turn } from '../../src/chat/api.ts'

/** Answers as the product gives them, for pictures of states that cannot be brought about on demand. */
type Language = 'ko' | 'en'
type Cell = AnswerTable['rows'][number][number]

const uuid = (n: number) => `6f1f6a8e-0000-4000-8000-${String(n).padStart(12, '0')}`
export const conversationId = uuid(1)
const name = (text: string): Cell => ({ text, value: text })
const won = (value: number): Cell => ({ text: value.toLocaleString('en-US'), value: `${value}.00` })
const change = (text: string): Cell => ({ text, value: null })

const customers: [string, number, number][] = [
  ['한빛전자', 302_450_000, 281_000_000],
  ['태광엔지니어링', 248_120_500, 262_300_000],
  ['Nordwind GmbH', 199_870_000, 150_400_000],
  ['다온오토모티브', 150_330_000, 150_330_000],
  ['세종메카트로닉스', 121_004_000, 98_000_000],
]

export function ranking(language: Language): Answer {
  const ko = language === 'ko'
  return {
    kind: 'answered',
    language,
    text: ko
      ? '이번 달 매출이 가장 많은 거래처는 **한빛전자**예요 (3억 245만 원). 상위 5곳을 더하면 10억 2,177만 원으로 전체의 61.4%예요.'
      : 'Top customer by sales this month: **한빛전자** (KRW 302,450,000). The top 5 add up to KRW 1,021,774,500 (61.4% of the total).',
    coverage: ko ? '2026.11.01–11.30 · 오늘까지 집계' : '1–30 Nov 2026 · to date',
    table: {
      columns: [
        { name: 'customer', label: ko ? '거래처' : 'Customer', type: 'name', numeric: false },
        { name: 'amount', label: ko ? '매출액 (원)' : 'Sales (KRW)', type: 'money', numeric: true },
      ],
      rows: customers.map(([label, value]) => [name(label), won(value)]),
      total: [name(ko ? '전체' : 'Total'), won(1_664_120_300)],
      rowCount: 5,
    },
    chart: { kind: 'bar', x: 'customer', series: ['amount'], horizontal: true },
    view: 'bar',
    chips: chips(language, true),
    query: { entity: 'sales', measures: ['amount'], groupBy: ['customer'], limit: 5 },
    source: 'live',
    asOf: '2026-11-23T05:32:00.000Z',
    sourceText: ko ? 'ERP 실시간 · 14:32 기준' : 'Live from ERP · as of 14:32',
    prompts: ko
      ? [prompt('작년 같은 기간과 비교해줘'), prompt('차트로 보여줘'), prompt('엑셀로 내려줘')]
      : [prompt('compare with the same period last year'), prompt('show as a chart'), prompt('export to Excel')],
  }
}

export function total(language: Language): Answer {
  const ko = language === 'ko'
  return {
    ...ranking(language),
    text: ko
      ? '이번 달 매출은 **12억 3,450만 원**이에요. 지난달보다 8.2% 늘었어요 (+9,360만 원).'
      : 'Sales this month: **KRW 1,234,500,000**. Up 8.2% on last month (+93.6 M).',
    headline: {
      label: ko ? '이번 달 매출' : 'Sales this month',
      text: ko ? '12억 3,450만 원' : 'KRW 1,234,500,000',
      exact: '1234500000.00',
      type: 'money',
    },
    comparison: {
      text: ko ? '지난달보다 8.2% 늘었어요 (+9,360만 원).' : 'Up 8.2% on last month (+93.6 M).',
      direction: 'up',
      percent: '8.2%',
      delta: ko ? '+9,360만 원' : '+93.6 M',
    },
    table: undefined,
    chart: undefined,
    view: 'number',
    chips: chips(language, false),
    prompts: ko ? [prompt('거래처별로 보여줘'), prompt('품목별로 보여줘'), prompt('월별로 보여줘')] : [prompt('by customer'), prompt('by item'), prompt('by month')],
  } as Answer
}

export function compared(language: Language): Answer {
  const ko = language === 'ko'
  return {
    ...ranking(language),
    text: ko
      ? '이번 달 매출은 모두 **12억 3,450만 원**이에요. 지난달보다 3.1% 줄었어요 (-3,950만 원). 한빛전자가 3억 245만 원(24.5%)으로 가장 많아요.'
      : 'Sales this month: **KRW 1,234,500,000** in all. Down 3.1% on last month (-39.5 M). Largest: 한빛전자, KRW 302,450,000 (24.5%).',
    headline: {
      label: ko ? '이번 달 거래처별 매출' : 'Sales by customer this month',
      text: ko ? '12억 3,450만 원' : 'KRW 1,234,500,000',
      exact: '1234500000.00',
      type: 'money',
    },
    comparison: { text: '', direction: 'down', percent: '3.1%', delta: ko ? '-3,950만 원' : '-39.5 M' },
    table: {
      columns: [
        { name: 'customer', label: ko ? '거래처' : 'Customer', type: 'name', numeric: false },
        { name: 'amount', label: ko ? '매출액 (원)' : 'Sales (KRW)', type: 'money', numeric: true },
        { name: 'previous:amount', label: ko ? '지난달 매출액 (원)' : 'Sales (KRW), last month', type: 'money', numeric: true },
        { name: 'change:amount', label: ko ? '증감' : 'Change', type: 'money', numeric: true },
      ],
      rows: customers.map(([label, now, before], at) => [
        name(label),
        won(now),
        won(before),
        change(['▲ 7.6%', '▼ 5.4%', '▲ 32.9%', '=', '▲ 23.5%'][at] ?? ''),
      ]),
      total: [name(ko ? '전체' : 'Total'), won(1_234_500_000), won(1_274_000_000), change('▼ 3.1%')],
      rowCount: 5,
    },
    view: 'table',
  }
}

export function trend(language: Language): Answer {
  const ko = language === 'ko'
  const values = [812, 934, 1021, 987, 1102, 1190, 1043, 968, 1210, 1302, 1235]
  return {
    ...ranking(language),
    text: ko
      ? '올해 매출은 모두 **118억 400만 원**이에요. 2026년 10월이 13억 200만 원(11.0%)으로 가장 많았어요.'
      : 'Sales this year: **KRW 11,804,000,000** in all. Highest in Oct 2026, KRW 1,302,000,000 (11.0%).',
    headline: { label: ko ? '올해 월별 매출' : 'Sales by month this year', text: ko ? '118억 400만 원' : 'KRW 11,804,000,000', exact: '11804000000.00', type: 'money' },
    table: {
      columns: [
        { name: 'date:month', label: ko ? '월' : 'Month', type: 'date', numeric: false },
        { name: 'amount', label: ko ? '매출액 (원)' : 'Sales (KRW)', type: 'money', numeric: true },
      ],
      rows: values.map((value, at) => [name(ko ? `2026.${String(at + 1).padStart(2, '0')}` : `${['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov'][at]} 2026`), won(value * 1_000_000)]),
      total: [name(ko ? '전체' : 'Total'), won(11_804_000_000)],
      rowCount: 11,
    },
    chart: { kind: 'line', x: 'date:month', series: ['amount'], horizontal: false },
    view: 'line',
  }
}

export function shares(language: Language): Answer {
  const ko = language === 'ko'
  const parts: [string, number][] = [['베어링', 31.2], ['모터', 22.8], ['센서', 16.4], ['기어', 11.9], ['유압부품', 8.1], ['샤프트', 5.7], ['하우징', 3.9]]
  return {
    ...ranking(language),
    text: ko ? '이번 달 카테고리별 매출액 비중은 베어링이 **31.2%**로 가장 높아요.' : 'Share of sales by category this month: highest for 베어링 (**31.2%**).',
    table: {
      columns: [
        { name: 'category', label: ko ? '카테고리' : 'Category', type: 'name', numeric: false },
        { name: 'share:amount', label: ko ? '매출액 비중' : 'Share of sales', type: 'percent', numeric: true },
      ],
      rows: parts.map(([label, value]) => [name(label), { text: `${value.toFixed(1)}%`, value: String(value) }]),
      rowCount: parts.length,
    },
    chart: { kind: 'pie', x: 'category', series: ['share:amount'], horizontal: false },
    view: 'pie',
  }
}

export function records(language: Language): Answer {
  const ko = language === 'ko'
  const statuses = ko ? ['미입고', '입고 완료', '취소'] : ['Open', 'Received', 'Cancelled']
  const vendors = ['대한특수강', '성원베어링', '한국정밀주조', 'Shenzhen Hualin', '에스엠툴링']
  return {
    ...ranking(language),
    text: ko ? '이번 달 발주는 **143건**이에요.' : 'Purchase orders this month: **143 orders**.',
    table: {
      columns: [
        ['orderNo', ko ? '발주번호' : 'Order no.', 'documentNo'],
        ['vendor', ko ? '공급업체' : 'Vendor', 'name'],
        ['item', ko ? '품목' : 'Item', 'name'],
        ['quantity', ko ? '수량 (개)' : 'Quantity (ea)', 'quantity'],
        ['amount', ko ? '발주금액 (원)' : 'Amount (KRW)', 'money'],
        ['date', ko ? '발주일' : 'Date', 'date'],
        ['dueDate', ko ? '입고예정일' : 'Due date', 'date'],
        ['status', ko ? '상태' : 'Status', 'code'],
        ['buyer', ko ? '담당자' : 'Buyer', 'name'],
      ].map(([key, label, type]) => ({ name: key, label, type, numeric: type === 'quantity' || type === 'money' })) as AnswerTable['columns'],
      rows: Array.from({ length: 40 }, (_, n) => [
        name(`PO-2026-${String(1843 - n).padStart(5, '0')}`),
        name(vendors[n % 5] ?? ''),
        name(['볼베어링 6204', '정밀샤프트 12파이', '알루미늄 하우징 L', '서보모터 400W'][n % 4] ?? ''),
        { text: String((n * 37) % 900), value: String((n * 37) % 900) },
        won(((n * 7919) % 9000) * 10_000 + 120_000),
        name(ko ? `2026.11.${String(23 - (n % 22)).padStart(2, '0')} (월)` : `${23 - (n % 22)} Nov 2026`),
        name(ko ? '2026.12.04 (금)' : '4 Dec 2026'),
        name(statuses[n % 3] ?? ''),
        name('류가은'),
      ]),
      total: [name(ko ? '전체' : 'Total'), null, null, { text: '64,210', value: '64210' }, won(1_204_550_000), null, null, null, null],
      rowCount: 143,
    },
    chart: undefined,
    view: 'table',
    query: { entity: 'purchaseOrder', measures: [] },
    prompts: [],
  } as unknown as Answer
}

export function fromCopy(language: Language): Answer {
  const ko = language === 'ko'
  return {
    ...total(language),
    source: 'copy',
    sourceText: ko ? 'ERP 응답이 늦어 사본으로 답했어요 · 14:29 기준 (3분 전)' : 'ERP is slow; answered from our copy · as of 14:29 (3 min ago)',
  }
}

const bare = (kind: Answer['kind'], language: Language, text: string, prompts: Answer['prompts'] = []): Answer => ({ kind, language, text, chips: [], prompts })
const prompt = (text: string) => ({ label: text, text })

export function clarify(language: Language): Answer {
  return bare('clarify', language, language === 'ko' ? '‘한빛’은 두 곳이에요. 어느 쪽인가요?' : '2 customers match “Hanbit”. Which one?', [prompt('한빛상사'), prompt('한빛전자')])
}

export function notAllowed(language: Language): Answer {
  return {
    ...bare('not-allowed', language, language === 'ko' ? '이 데이터를 볼 권한이 없어요. 권한 담당자: 경영지원팀' : "You don't have access to this. Ask: 경영지원팀", suggestions(language).slice(0, 3)),
    chips: chips(language, false),
  }
}

export function empty(language: Language): Answer {
  const { headline: _h, comparison: _c, table: _t, chart: _ch, view: _v, ...facts } = total(language)
  return {
    ...facts,
    kind: 'empty',
    text: language === 'ko' ? '조건에 맞는 발주가 없어요. 기간을 넓혀 볼까요?' : 'No matching purchase orders. Widen the period?',
    prompts: language === 'ko' ? [prompt('최근 3개월'), prompt('올해'), prompt('작년')] : [prompt('Last 3 months'), prompt('This year'), prompt('Last year')],
  }
}

export function outOfScope(language: Language): Answer {
  return bare('out-of-scope', language, language === 'ko' ? 'ERP에 없는 내용이라 답할 수 없어요. 이런 건 물어볼 수 있어요:' : 'Not something the ERP knows. You can ask:', suggestions(language).slice(0, 3))
}

export function failed(language: Language): Answer {
  return {
    ...bare('failed', language, language === 'ko' ? 'ERP에 연결할 수 없고 사본에도 없는 항목이에요. 다른 질문은 계속할 수 있어요. 잠시 뒤 다시 물어봐 주세요.' : 'The ERP can’t be reached and our copy doesn’t have this. Other questions still work; ask again in a moment.'),
    errorCode: 'ERP_UNAVAILABLE',
  }
}

function chips(language: Language, grouped: boolean): Answer['chips'] {
  const ko = language === 'ko'
  return [
    { kind: 'entity', label: ko ? '대상' : 'Data', value: ko ? '매출' : 'Sales' },
    { kind: 'measure', label: ko ? '기준' : 'Measure', value: ko ? '매출액' : 'Sales' },
    ...(grouped ? [{ kind: 'groupBy' as const, label: ko ? '구분' : 'By', value: ko ? '거래처별' : 'customer' }] : []),
    { kind: 'period', label: ko ? '기간' : 'Period', value: ko ? '2026.11.01–11.30 (이번 달)' : '1–30 Nov 2026 (this month)' },
    ...(grouped ? [{ kind: 'top' as const, label: ko ? '순위' : 'Top', value: ko ? '상위 5개' : '5' }] : []),
  ]
}

export function suggestions(language: Language) {
  const texts =
    language === 'ko'
      ? ['이번 달 매출 얼마야?', '이번 달 거래처별 매출 상위 5개', '올해 월별 매출 추이', '90일 넘은 미수금', '안전재고 미만 품목', '내 연차 며칠 남았어?']
      : ['Sales this month', 'Top 5 customers by sales this month', 'Monthly sales trend this year', 'Receivables over 90 days', 'Items below safety stock', 'How many leave days do I have left?']
  return texts.map(prompt)
}

export const me = (language: Language) => ({ userId: uuid(9), name: '김민수', department: '국내영업팀', email: 'minsu@hanbit.example', roles: ['employee', 'sales'], language })

export function turn(n: number, question: string, answer: Answer): Turn {
  return { turnId: uuid(100 + n), question, askedAt: '2026-11-23T05:32:00.000Z', answer, traceId: '4bf92f3577b34da6a3ce929d0e0e4736' }
}

export function conversations(language: Language) {
  const ko = language === 'ko'
  const now = Date.now()
  const titles: [string, number][] = ko
    ? [['이번 달 거래처별 매출 상위 5개', 0], ['안전재고 미만 품목', 0.1], ['90일 넘은 미수금과 담당자별 연체 금액 합계 알려줘', 1], ['올해 월별 매출 추이', 3], ['지난달 부서별 경비', 5], ['1라인 불량률', 20]]
    : [['Top 5 customers by sales this month', 0], ['Items below safety stock', 0.1], ['Receivables over 90 days by salesperson with overdue totals', 1], ['Monthly sales trend this year', 3], ['Expenses by department last month', 5], ['Defect rate of line 1', 20]]
  return titles.map(([title, days], n) => ({ conversationId: uuid(n + 1), title, updatedAt: new Date(now - days * 86_400_000).toISOString() }))
}
