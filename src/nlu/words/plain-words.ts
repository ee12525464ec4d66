import { withFinals } from '../text/jamo.ts'

/*
 * Words that carry no content of their own in a question: asking, politeness, filler, light verbs. Whatever is neither known to the
 * catalog, nor a name, nor here, is something the person meant and we did not understand.
 */
const setOf = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/).filter((word) => word !== ''))

/** Only as a whole word of the sentence: too short to be found inside another. */
const alone = setOf(`
  음 어 아 그 이 저 데 때 중 총 각 등 및 또 제 내 나 난 전 이번 저번 뭔 무슨 모 머 뭐 몇 좀 쫌 더 덜 다 못 잘 안 꽤 응 네 예 넵 자 야 오 와 헐 흠 에 쭉 쫙 번 든 쓴 쓸 준 돈 곳 쪽 수 건데 거는 주 만 도 씩 별 대 약 위 후 전에 후에 로 에서 까지 부터
  나는 나도 나의 저는 저도 제가 내가 이게 그게 저게 이건 그건 저건 이걸 그걸 게요 건요 할 한 하 함 됨 임 인 은 는 이요 요 은요 는요 씨 님`)

/** Take particles: 지금은, 전체로, 데이터를. */
const words = setOf(`
  씨 중 어케 뭔가 언제언제 내에 말야 말이야 말인데 있잖아 있잖아요 뭐냐 그게 그쪽 이쪽 저쪽 울회사 울 우리회사 기억 몇으로 하루치 한달치 일주일치 가물가물 손님이 손님 보스 보스가
  좀   뭐 머 모   것 거 꺼 건 게 걸 데 거로 걸로 것으로 거는 것들 거들 애들   조금 한번 다시 지금 현재 현시점 요즘 요새 최근 그냥 바로 빨리 얼른 혹시 저기 그것 그거 이것 이거 저거 중에 중에서 가운데 기준 대해 대한 대해서 관해 관한 관련 관련된 관련해서 모든 모두 또한 그리고 하고 근데 그런데 그래서 이제 이번에 이번엔 저번에
  그니까 그러니까 긍까 그까 있잖아 저기요 어디보자 그러면은 암튼 아무튼 여하튼
  우리 저희 회사 우리회사 자사 당사 사내 무엇 어디 누구 언제 어떻게 정도 가량 대략 정확히 정확한 자세히 자세하게 상세 상세히 간단히 간략히 쉽게 한눈에 정리 요약 데이터 자료 정보 수치 숫자 결과 기록 확인 조회 검색 부탁 질문 문의 하나 하나만
  해당 소속 담당 맡은 필터 기준일 단위 수준 얼마 얼마씩 동안 이내 사이 그때 당시 가능 혹은 또는 아니면 너무 진짜 정말 도대체 일단 우선 먼저 따로 같이 함께 한꺼번에 전체 전체적으로 전반 팀장님 사장님 부장님 대표님 회의 보고용 보고 아니 오케이 어이 챗봇 챗봇아 봇아
  증감 증가 감소 성함 성명 누계 집계 산출 대장 보유 보관 인것 여부 시점 상황 상태 진행 처리 발행 등록 기재 거래 위치 이미 벌써 아직 명단 목록 짜리 사용 급해 급히 추가 추가로 도래 도래한 도래하는 물건 실적 이상하게 개수 건수 여태 그동안 그간 그달 그날 그해 전부 각각 각자 순서 아래 위에 위의 그외 이외 기타 누적 실제 현황판 대시보드 화면 시스템 정보좀 쪽으로 관점 측면 부분 항목 내용 세부 세부내역 상세내용 사항 그대로 자체 한해 조건 범위 값 표 칸 열 줄 건 개 명 곳`)

/** Verb and adjective stems, in the forms that endings follow: 알려+주세요, 나왔+어. */
const stems = new Set(
  [
    ...setOf(`
  낫 나을 나아 내려가 까먹 까먹었 내줘 내주 내봐 잡아놓 잡아놨 잡아둔 잡아뒀 잡아 대봐 대보 물어보시 물어보 여쭤봐 잊어 잊었 잊어버렸 깜빡했 깜박했 헷갈 헷갈려 모르 모르겠 기억나 여쭤보 여쭤볼 궁금해
  알려 알고 알수 알 알아 알아봐 알기 보여 보이 봐 보고 보자 볼게 볼래 볼 본 봤 봅 보면 볼수 보기 보려 뽑 뽑아 찾 찾아 가르쳐 갈켜 갈쳐 말해 말씀 얘기해 이야기해 주세 주셈 주삼 주라 줘 줄래 주실 주십 주시 줄수 주면 주겠 달라 다오 바람 바랍 원해 원합 싶 궁금 있 없 잇 되 된 될 됐 돼 됩
  나오 나온 나왔 나와 나가 나갔 나간 들어오 들어왔 들어온 들어올 들어간 들어갔 생긴 생겼 생기 발생 나타 잡힌 잡혀 찍힌 찍혀 찍혔 넣은 넣어 넣었 끊은 끊 온 올라온 올라왔 들어와 오늘자 걸린 나한 쌓인 쌓여 깔려 깔린 걸려 걸린 냈 낸 난 났 거두 거둔 올린 올렸 올려 찍 늘 늘었 늘어 늘고 줄었 줄어 줄인 줄고 줄여 올랐 오른 오르 떨어졌 떨어진 내렸 내려 변했 바뀌 바뀐 차지 속한 속해 다니 근무 일하 계시 맡고 맡은
  인지 는지 은지 건가 거야 거지 건지 하 하는 하고 해 해서 해줘 해주 한 할 했 합니 함 드려 드립 드릴 드리 띄워 띄우 그려 그리 나눠 나누 쪼개 묶어 묶 구분 구분해 분류해 나열 추려 추리 골라 꺼내 불러 가져 열어 펼쳐 정렬해 바꿔 바꾸 변경해 늘려 늘리 넓혀 좁혀 정리해 요약해 조회해 확인해 검색해 부탁해 부탁드 부탁하 부탁합 모아 집계해 계산해서 합쳐 합치 더해 더하 빼 나눈
  받 받은 받았 받아 받을 받으 쓰 썼 쓰고 남 남은 남아 남았 들었 벌었 벌어 번거 지급할 지급해 받아야 갚아야 내야 줘야 해야 그래 그렇 이렇 저렇 어때 어떠 어땠 어떤 어떻 같 같은 같아 비해 비하 비교해 비교하 견주 만들 만든 만들었 등록된 등록돼 등록한 발행된 발행한 진행된 처리된 처리한 거래한 거래하 보유한 보유하 보관된 보관하 보관중 위치한 되어 되어있 돼있 가지고 갖고 가진 가능한 가능하 였 였더라 였지 였는 였나 였어 였죠 이었 거였 더라 던가 던지 던데 려고 려면 테니 텐데 거든 뭔지 뭐지 뭐죠 뭐니 뭐임 뭐냐 뭐예 뭐에 뭡 뭘 머야 머임 모야 머지 누구 어딘 어딨 어디야 얼마 얼만 누군 언젠 몇개 넘어 넘겨 정해 여쭤 여쭙 싶은 싶어 싶습 봤으면 됐으면 좋겠 빨랑 걸렸 걸릴 있었 없었 없는 있는 있나 있어 없나 없어 계산 구해 뜨 떠 체크 체크해 살펴 파악 파악해 파악하 참고 준비 준비해 전달해 공유해 공유 띄 돌아오 돌아온 다가오 다가온 예정 예정인 예정된 닥친 차이나 차이남 얼마나 그러 그런 이런 저런 어느 맞 맞나 맞아 되나 되니 되는 되었 들 들어 들고 지고 진 졌 지나 오는 온 왔 올 간 갔 가는 갈 쓰는 쓸 쓰인 쓰였 큰가 많은가 되죠 되지 물어 여기 지정 지정해 선택 선택해 표시 표시해 출력 출력해 나열해 제공 제공해 알리 이루 이룬 거둬`),
  ].flatMap(withFinals),
)

const english = setOf(`
  a an the is are was were be been being am do does did done have has had having can could would will shall should may might must
  what whats which how when where show give get find see view look pull bring check fetch display want need like know wondering tell please pls plz kindly
  of in on at to from for with within and or as into onto about out up off than then so also too still currently current now right yet already ever through per by
  us our ours we you your he she they them their its it there here all any some no yes ok okay hey hello
  number amount amounts value values figure figures data info information report full left got gotten make made making break breaking down split grouped group many much more less
  unit units piece pieces pcs i id im ill weve lets let me my mine this that these those one ones who whose each every company companies business whole entire name names called go going gone come came us stand stands standing looks looking far date just only quick quickly exactly roughly
  open opened work works working run ran result results s t re ve d ll m
   money till
   switch change instead place placed places issue issued receive raise raised book booked anything something everything waiting awaiting available registered existing exist exists listed according regarding concerning between among during over under if when whenever once because were had made take took taken kept keep put due having happened happen new add added please compare versus again belong belongs belonging instead rather better nicer easier prettier clearer neater same other another both either since until till before after ago`)

/** May follow a noun directly, or a particle: 매출+에서+는. */
const tails = setOf(`
  까 까요
  이 가 은 는 을 를 의 에 에서 서 에게 한테 한테서 에게서 께 께서 로 으로 와 과 랑 이랑 하고 도 만 까지 부터 마다 씩 들 님 씨 쪽 분 치 거 것 꺼 건 게 걸 요 이요 이에요 예요 에요 에여 여 야 이야 임 인 인데 인가 인지 이지 지 죠 이죠
  일 였 이었 든 나 이나 보다 처럼 대로 밖에 뿐 류 별 별로 째 간 용 상 당 네 측 편 자체 및 등 중 내 이라 라 이라도 라도 이라는 라는 란 이란 좀 짜리 이고 고 이며 며 면 이면 니 이니 다 이다 입니다 입니까 이냐 냐 이신 던 이던
  하 한 할 했 해 되 된 될 됐 돼 함 됨 하는 되는 받은 당한 에다 로부터 으로부터 쯤 정도 가량 짝 앞 대해 대한 네요 군요 구나 일까 셨 이셔 는요 은요 도요 로요 으로요 만요 요만 총 다 전체 수 급 건수 때 중에 안 상태 기준 이가 쪽에 말이야 건데 거는 데 데는 외 외에 별로는 정보`)

/** Any run of these after a stem is an ending: 얼마였더라, 보여주시겠어요. */
const endings = new Set(
  '가거건걸게겠고구군기까께네냐녀노느는니다단달대더던데도돼되된될됐됨됩드든들디라란래랬러런려렸로록를리마만며면므바봐보봤서세셔셨셈소습시신실싶써썼아았야어었여였예오와요용우워웠은을음읍의이인일임입잉있잇자잖재져졌주줘준줄줌줬지진질징챙치하한할함합해했혀음엉앙염욤숑슴죠쥬쥐나남났날냈난엔에유것거수씩좀듯테텐중',
)

/** 찍혔지, 끊었어: a short native verb in the past adds nothing; 반품됐어 does, so 하다 and 되다 are left out. */
function isPastVerb(text: string): boolean {
  const match = pastForm.exec(text)
  return match !== null && [...text.slice(match[0].length)].every((syllable) => endings.has(syllable))
}

/** Nobody writes longer words; what is longer is not worth the time. */
const longestWord = 40

/** What a part of a word can be, as bits. */
const [isWord, isStem, isTail, isEnding] = [1, 2, 4, 8]
const longestPart = 5
const parts = new Map<string, number>()
for (const [set, bit] of [
  [words, isWord],
  [stems, isStem],
  [tails, isTail],
  [endings, isEnding],
] as const)
  for (const part of set) if (part.length <= longestPart) parts.set(part, (parts.get(part) ?? 0) | bit)

/** Where reading a word can have come to, as bits. */
const [atStart, afterNoun, afterWord, afterStem] = [1, 2, 4, 8]
const stateAfter = { start: atStart, noun: afterNoun, stem: afterStem } as const

/** Where a part leads from all the places that reading can have come to. */
function step(states: number, part: string, isFirst: boolean): number {
  const kinds = parts.get(part) ?? 0
  if (kinds === 0) return 0
  const isLong = isFirst || part.length > 1
  let next = 0
  if (kinds & isWord && isLong) next |= afterWord
  if (kinds & isStem && (isLong || states & (afterNoun | afterStem))) next |= afterStem
  if (kinds & isTail) next |= (states & afterStem) | (states & (afterNoun | afterWord) ? afterNoun : 0)
  if (kinds & isEnding && part.length === 1) next |= states & afterStem
  return next
}

const pastForm =
  /^[가-힣]{0,2}[았었였렸졌겼셨났왔갔혔꼈웠켰쳤랐뒀썼](?:어|나|지|니|냐|는지|어요|었|습|죠|을|더|던|는|음|고|네|다)/

/**
 * Whether a stretch of Korean without spaces is only plain words, particles and endings. `after`: what it is glued to: nothing
 * (start), a word that was understood (noun: a particle may come first) or a stem (an ending may).
 */
export function isPlainKorean(text: string, after: 'start' | 'noun' | 'stem'): boolean {
  if (after === 'start' && (alone.has(text) || isPastVerb(text))) return true
  if (text.length > longestWord) return false
  const reached = new Uint8Array(text.length + 1)
  reached[0] = stateAfter[after]
  for (let i = 0; i < text.length; i += 1) {
    const states = reached[i] as number
    if (states === 0) continue
    for (let end = i + 1; end <= Math.min(text.length, i + longestPart); end += 1)
      reached[end] = (reached[end] as number) | step(states, text.slice(i, end), i === 0)
  }
  return reached[text.length] !== 0
}

/** Whether a word is only a particle: 한테, 에게. */
export const isParticle = (text: string): boolean => tails.has(text)

/** Whether an English word says nothing of its own. */
export const isPlainEnglish = (word: string): boolean => english.has(word)
