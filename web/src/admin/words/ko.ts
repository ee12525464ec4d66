import { apiKeys } from './api-keys.ko.ts'
import { audit } from './audit.ko.ts'
import { frame } from './frame.ko.ts'
import { networks } from './networks.ko.ts'
import { deadLetters, mail, notify, push } from './notify.ko.ts'
import { overview } from './overview.ko.ts'
import { people, person } from './people.ko.ts'
import { review } from './review.ko.ts'
import { permission, roles } from './roles.ko.ts'
import { status } from './status.ko.ts'
import { training } from './training.ko.ts'

/** Every sentence of the admin console in Korean; loaded with it, not with the chat. `en.ts` has the same keys. */
export const ko = {
  ...frame,
  overview,
  status,
  review,
  training,
  people,
  person,
  roles,
  permission,
  networks,
  apiKeys,
  audit,
  ...{ notify, mail, push, deadLetters },
}

/** The same tree with any strings: what another language must fill. */
export type AdminMessages = typeof ko
