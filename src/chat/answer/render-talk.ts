import type { Catalog, Language } from '#catalog'
import type { ExportFormat, Understanding } from '#nlu'
import type { AppError } from '#platform/errors'
import type { Answer, Prompt } from '../api.ts'
import { describeQuery } from './chips.ts'
import { pickJosa, withJosa } from './josa.ts'
import { recordsNoun } from './nouns.ts'
import { type Asked, columnLabel, type Wording } from './wording.ts'

/** Answers that need no data. `prompts` are questions that work for the person. */
type Talk = { language: Language; prompts: Prompt[] }

function plain(kind: Answer['kind'], text: string, { language, prompts }: Talk): Answer {
  return { kind, language, text, chips: [], prompts }
}

export function greet(name: string, talk: Talk): Answer {
  const text =
    talk.language === 'ko'
      ? `안녕하세요, ${name} 님. ERP에서 궁금한 숫자를 물어봐 주세요.`
      : `Hello, ${name}. Ask for any number in the ERP.`
  return plain('small-talk', text, talk)
}

export function acceptThanks(talk: Talk): Answer {
  const text =
    talk.language === 'ko'
      ? '도움이 됐다니 다행이에요. 더 궁금한 게 있으면 물어봐 주세요.'
      : 'Glad it helped. Ask whenever you need another number.'
  return plain('small-talk', text, talk)
}

/** What can be asked: the entities the person may read, by their names. */
export function explain(entityNames: string[], talk: Talk): Answer {
  const names = entityNames.join(', ')
  if (talk.language === 'en')
    return plain(
      'small-talk',
      `You can ask about ${names.toLowerCase()}: totals, comparisons, rankings, trends and lists. For example:`,
      talk,
    )
  const last = entityNames.at(-1) ?? ''
  return plain(
    'small-talk',
    `${names}${pickJosa(last, '을/를')} 물어볼 수 있어요. 합계, 비교, 순위, 추이, 내역 모두 돼요. 예를 들면:`,
    talk,
  )
}

/** Not the ERP's business, or a change to it, which this service never makes. */
export function declineQuestion(reason: Understanding['reason'], talk: Talk): Answer {
  const ko = talk.language === 'ko'
  if (reason === 'write') {
    return plain(
      'out-of-scope',
      ko
        ? '여기서는 ERP를 조회만 할 수 있어서 등록하거나 바꾸지 못해요. 이런 건 물어볼 수 있어요:'
        : 'The ERP is read-only here, so nothing can be entered or changed. You can ask:',
      talk,
    )
  }
  return plain(
    'out-of-scope',
    ko ? 'ERP에 없는 내용이라 답할 수 없어요. 이런 건 물어볼 수 있어요:' : 'Not something the ERP knows. You can ask:',
    talk,
  )
}

/** All was understood but a name that the ERP does not have. */
export function admitUnknownName({ field, candidates = [] }: Understanding, catalog: Catalog, talk: Talk): Answer {
  const [name = ''] = candidates
  const label = field === undefined ? undefined : catalog.domains[field]?.label
  const text =
    talk.language === 'ko'
      ? `ERP에서 ${label?.ko ?? '이름'} ‘${name}’${pickJosa(name, '을/를')} 찾지 못했어요. 이름이 맞는지 확인해 주세요. 이런 건 물어볼 수 있어요:`
      : `The ERP has no ${label?.en ?? 'name'} called “${name}”. Please check the name. You can ask:`
  return plain('out-of-scope', text, talk)
}

/** More than one name fits: which one is meant. The candidates are the prompts. */
export function askWhich(understanding: Understanding, asked: Asked | null, wording: Wording): Answer {
  const { language } = wording
  const candidates = understanding.candidates ?? []
  const prompts = candidates.map((name) => ({ label: name, text: name }))
  const label = asked && understanding.field ? columnLabel(understanding.field, asked) : ''
  const mention = understanding.spans.find(({ kind, text }) => kind === 'value' && text.trim() !== '')?.text.trim()
  const text =
    candidates.length > 0
      ? whichText(
          { mention, label, count: candidates.length, counter: counterOfField(understanding.field, asked) },
          language,
        )
      : vagueText(language)
  return { kind: 'clarify', language, text, chips: asked ? describeQuery(asked) : [], prompts }
}

type Which = { mention: string | undefined; label: string; count: number; counter: string }
const koreanCounts = ['', '한', '두', '세', '네', '다섯', '여섯', '일곱', '여덟', '아홉', '열']

function whichText({ mention, label, count, counter }: Which, language: Language): string {
  if (language === 'en') {
    return mention
      ? `${count} ${label.toLowerCase() || 'name'}s match “${mention}”. Which one?`
      : `Which ${label.toLowerCase() || 'one'} do you mean?`
  }
  if (!mention) return label ? `어느 ${label}인가요?` : '어느 쪽인가요?'
  const what = `‘${mention}’${pickJosa(mention, '은/는')}`
  const amount = koreanCounts[count] ? `${koreanCounts[count]} ${counter}` : `${count}${counter}`
  return `${what} ${withJosa(amount, '이에요/예요')}. 어느 ${count === 2 ? '쪽' : label || '쪽'}인가요?`
}

function vagueText(language: Language): string {
  return language === 'ko'
    ? '무엇을 찾는지 조금 더 자세히 말해 주세요.'
    : 'Please say a little more about what you are looking for.'
}

function counterOfField(field: string | undefined, asked: Asked | null): string {
  const dimension = field ? asked?.entity.dimensions[field] : undefined
  const master = dimension?.type === 'name' ? asked?.catalog.entities[dimension.domain] : undefined
  return master?.counter.ko ?? '개'
}

type Refusal = { ask: string; reason: 'not-allowed' | 'me-unknown' | 'department-unknown' }

/** The person may not see it: says whom to ask, and what they can ask instead. */
export function refuse({ ask, reason }: Refusal, asked: Asked, talk: Talk): Answer {
  const ko = talk.language === 'ko'
  const whom = ask === '' ? '' : ko ? ` 권한 담당자: ${ask}` : ` Ask: ${ask}`
  const texts = {
    'not-allowed': ko ? `이 데이터를 볼 권한이 없어요.${whom}` : `You don't have access to this.${whom}`,
    'me-unknown': ko
      ? `${withJosa(recordsNoun(asked), '은/는')} 누구의 것인지 나뉘어 있지 않거나 이름을 확인할 수 없어요. ‘내’를 빼고 물어봐 주세요.`
      : 'This data is not kept by person, or your name could not be matched. Ask without “my”.',
    'department-unknown': ko
      ? `${withJosa(recordsNoun(asked), '은/는')} 부서별로 나뉘어 있지 않거나 소속을 확인할 수 없어요. ‘우리 부서’를 빼고 물어봐 주세요.`
      : 'This data is not kept by department, or yours could not be matched. Ask without “our department”.',
  }
  return { ...plain('not-allowed', texts[reason], talk), chips: describeQuery(asked), query: asked.query }
}

/** View or export with nothing answered before. */
export function askForQuestionFirst(talk: Talk): Answer {
  const text =
    talk.language === 'ko'
      ? '아직 보여 드린 답이 없어요. 먼저 물어봐 주세요. 예를 들면:'
      : 'There is no answer to show yet. Ask something first, for example:'
  return plain('clarify', text, talk)
}

/** The file is ready to fetch: the query is asked again then, all rows, with the reader's rights of that moment. */
export function offerFile(format: ExportFormat, url: string, asked: Asked): Answer {
  const name = format === 'xlsx' ? (asked.language === 'ko' ? '엑셀' : 'Excel') : 'CSV'
  const text =
    asked.language === 'ko'
      ? `**${name} 파일**로 받을 수 있어요. 받는 순간의 값으로 모든 행을 담아요.`
      : `Ready as a **${name} file**. It holds every row, as of the moment you download it.`
  return {
    kind: 'answered',
    language: asked.language,
    text,
    chips: describeQuery(asked),
    query: asked.query,
    download: { format, url },
    prompts: [],
  }
}

/** A question that could not be answered, as it stays in the conversation; pressing the prompt asks it again. */
export function renderFailure(error: AppError, question: string, language: Language): Answer {
  const prompts = [{ label: language === 'ko' ? '다시 물어보기' : 'Ask again', text: question }]
  return {
    kind: 'failed',
    language,
    text: error.sentence(language),
    chips: [],
    prompts,
    errorCode: error.spec.code,
  }
}
