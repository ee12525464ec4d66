import type { Kysely } from 'kysely'
import type { Language } from '#catalog'
import type { EmailRequest } from '#notify'
import type { Logger } from '#platform/log'

/** What whoever looks after training must hear of. `id`: of the job or the deployment; each is told once. */
export type TrainingNews = {
  kind: 'refused' | 'rolled-back'
  id: string
  /** The model that was refused or taken back, where there is one. */
  model: string | undefined
  reasons: readonly string[]
}

/** Tells of it in the transaction in which it happens: both come about or neither. */
export type TellKeepers = (news: TrainingNews, within: Kysely<unknown>) => Promise<void>

/** Somebody who holds the permission `training`. */
type Keeper = { userId: string; email: string; language: Language }

/** A push to every device of a person. */
type KeeperPush = Pick<Keeper, 'userId' | 'language'> & {
  title: string
  text: string
  link: string
  idempotencyKey: string
}

type Deps = {
  findKeepers: () => Promise<Keeper[]>
  /** Ways that are not configured are undefined. */
  mail: ((email: EmailRequest, within: Kysely<unknown>) => Promise<unknown>) | undefined
  push: ((message: KeeperPush, within: Kysely<unknown>) => Promise<unknown>) | undefined
  publicUrl: string
  log: Logger
}

const mostKeepers = 50
const longestReasons = 1_200

/** Tells every keeper by mail, and by push where that is configured, in the language of their own. */
export function createTellKeepers({ findKeepers, mail, push, publicUrl, log }: Deps): TellKeepers {
  return async (news, within) => {
    const keepers = (await findKeepers()).slice(0, mostKeepers)
    const link = new URL('/', publicUrl).href
    for (const { userId, email, language } of keepers) {
      const { title, text } = wordNews(news, language)
      const idempotencyKey = `training:${news.kind}:${news.id}:${userId}`
      if (push) await push({ userId, language, title, text, link, idempotencyKey }, within)
      if (mail && email)
        await mail(
          {
            ...{ template: 'notice', language, variables: { title, message: text, link } },
            ...{ recipients: [{ kind: 'to', address: email }], requestedBy: 'training', idempotencyKey },
          },
          within,
        )
    }
    if (!mail || keepers.length === 0)
      log.warn(
        { keepers: keepers.length },
        'What became of a model could not be told by mail: there is nobody, or no mail server',
      )
  }
}

/** What happened, what still works, and what to do. */
export function wordNews({ kind, model, reasons }: TrainingNews, language: Language): { title: string; text: string } {
  const why = reasons.join('; ').slice(0, longestReasons)
  const name = model ?? ''
  const words = {
    refused: {
      ko: [
        '새 모델이 지금 모델보다 나빠서 적용하지 않았어요',
        `지금 쓰던 모델이 그대로 답하고 있어요. 거절된 모델 ${name}의 이유: ${why}. 검토한 라벨이 맞는지 확인해 주세요.`,
      ],
      en: [
        'A new model was refused: it is worse than the one in service',
        `The model in service goes on answering. Why ${name} was refused: ${why}. Check the labels that were reviewed.`,
      ],
    },
    'rolled-back': {
      ko: [
        '배포한 모델을 이전 모델로 되돌렸어요',
        `이전 모델이 다시 답하고 있어요. 되돌린 모델 ${name}의 이유: ${why}. 다음 학습 전에 최근에 검토한 라벨을 확인해 주세요.`,
      ],
      en: [
        'A deployed model was rolled back',
        `The model before it answers again. Why ${name} was taken back: ${why}. Check the labels that were reviewed lately before the next training.`,
      ],
    },
  }[kind][language]
  return { title: words[0] ?? '', text: words[1] ?? '' }
}
