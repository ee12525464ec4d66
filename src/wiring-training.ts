import { createPostgresUserStore } from '#auth'
import { createPushOutbox } from '#subscriptions'
import { createTellKeepers, type TrainingParts } from '#training'
import type { App } from './wiring.ts'

type Parts = Pick<
  App,
  'database' | 'audit' | 'catalog' | 'names' | 'log' | 'metrics' | 'auth' | 'notify' | 'push' | 'publicUrl' | 'config'
> & { cipher: TrainingParts['cipher']; keeperRoles: readonly string[]; hasMail: boolean; hasPush: boolean }

/** Training, with how those are reached whose roles permit to look after it. */
export function openTrainingParts({ auth, notify, push, publicUrl, config, ...parts }: Parts): TrainingParts {
  const { database, cipher, audit, catalog, names, log, metrics, keeperRoles, hasMail, hasPush } = parts
  const users = createPostgresUserStore(database)
  const tellKeepers = createTellKeepers({
    findKeepers: async () => {
      const ids = await users.findActive({ users: [], roles: [...keeperRoles], departments: [] })
      const people = await Promise.all(ids.map(auth.findPerson))
      return people.flatMap((person) => (person && !person.disabled ? [person.actor] : []))
    },
    ...{
      mail: hasMail ? notify.requestEmail : undefined,
      push: hasPush ? createPushOutbox(push.requestPush) : undefined,
    },
    ...{ publicUrl, log },
  })
  return { database, cipher, audit, catalog, names, log, metrics, tellKeepers, config: config.training }
}
