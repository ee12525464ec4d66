/** When a customer pays, against the due date: on time, weeks late, or months late. */
export type PayingHabit = 'prompt' | 'slow' | 'late'

/** What trade with a customer is like. `weight` is its share of the orders; with the sizes it makes a Pareto curve. */
export type CustomerTrade = {
  region: string
  weight: number
  habit: PayingHabit
  /** Abroad: who leads it, its phone, and whether its prices have decimals (they are agreed in another currency). */
  abroad?: { ceo: string; phone: string; hasDecimals: boolean }
}

const at = (region: string, weight: number, habit: PayingHabit = 'prompt'): CustomerTrade => ({ region, weight, habit })

export const customerTrades: Record<string, CustomerTrade> = {
  대성기계: at('경기', 100),
  한빛전자: at('서울', 88),
  'Nordwind GmbH': {
    ...at('해외', 70),
    abroad: { ceo: 'Katrin Albrecht', phone: '+49-40-5550-0142', hasDecimals: true },
  },
  한빛상사: at('서울', 64, 'slow'),
  대성산업: at('부산경남', 60),
  라온중공업: at('부산경남', 46),
  동양철강: at('대구경북', 42, 'slow'),
  미래오토: at('경기', 38),
  태광엔지니어링: at('인천', 34),
  'Pacific Tools Inc.': {
    ...at('해외', 32),
    abroad: { ceo: 'Dana Whitfield', phone: '+1-206-555-0173', hasDecimals: true },
  },
  다온오토모티브: at('충청', 28, 'slow'),
  하나로봇: at('경기', 26),
  세종메카트로닉스: at('충청', 24),
  유니온금속: at('인천', 20),
  서진물산: at('서울', 18, 'slow'),
  삼우정공: at('대구경북', 17),
  가온시스템: at('경기', 15),
  정우산기: at('부산경남', 14, 'late'),
  에이테크: at('경기', 13, 'slow'),
  에이스테크: at('인천', 12),
  'Sakura Seiki': { ...at('해외', 12), abroad: { ceo: 'Haruto Mizuno', phone: '+81-3-5550-0118', hasDecimals: false } },
  그린에너텍: at('호남', 11),
  성진테크: at('충청', 10, 'late'),
  블루웨이브: at('부산경남', 9, 'slow'),
  명성플랜트: at('호남', 9, 'late'),
  'Viet Precision': {
    ...at('해외', 8, 'slow'),
    abroad: { ceo: 'Linh Tran', phone: '+84-28-5550-0126', hasDecimals: false },
  },
  바른정밀: at('대구경북', 7, 'late'),
  아람유공압: at('부산경남', 7),
  케이모션: at('경기', 6),
  코어드라이브: at('서울', 6),
  오리온기전: at('대구경북', 5),
  엔투엠: at('서울', 5),
  제이앤케이: at('호남', 4, 'late'),
  우림펌프: at('인천', 4),
  팔도기계: at('호남', 4, 'slow'),
  신화이엔지: at('충청', 3),
  동아시아무역: at('부산경남', 3),
  영진로지스: at('경기', 2),
  한울제지: at('충청', 2),
  자연과기술: at('서울', 2),
}

/** What each vendor delivers, and its share of our orders. */
export type VendorTrade = { categories: string[]; weight: number; abroad?: { ceo: string; phone: string } }

export const vendorTrades: Record<string, VendorTrade> = {
  대한특수강: { categories: ['샤프트'], weight: 16 },
  성원베어링: { categories: ['베어링'], weight: 18 },
  신영소재: { categories: ['하우징', '샤프트'], weight: 9 },
  한국정밀주조: { categories: ['하우징', '기어'], weight: 12 },
  우진케미칼: { categories: ['유압부품'], weight: 4 },
  부산스틸: { categories: ['샤프트', '체결부품'], weight: 10 },
  미주센서: { categories: ['센서'], weight: 11 },
  동광모터: { categories: ['모터'], weight: 12 },
  하이텍코리아: { categories: ['센서', '모터'], weight: 8 },
  청솔포장: { categories: ['체결부품'], weight: 3 },
  삼보볼트: { categories: ['체결부품'], weight: 10 },
  태화유압: { categories: ['유압부품'], weight: 11 },
  에스엠툴링: { categories: ['기어'], weight: 9 },
  광명도금: { categories: ['하우징', '체결부품'], weight: 5 },
  'Shenzhen Hualin': {
    categories: ['센서', '모터'],
    weight: 9,
    abroad: { ceo: 'Wei Lin', phone: '+86-755-5550-0131' },
  },
}

/** Area codes, for telephone numbers that look right; the numbers themselves are not given to anyone. */
export const areaCodes: Record<string, string> = {
  서울: '02',
  경기: '031',
  인천: '032',
  충청: '042',
  호남: '062',
  대구경북: '053',
  부산경남: '051',
}
