import { apiKeys } from './api-keys.en.ts'
import { audit } from './audit.en.ts'
import { frame } from './frame.en.ts'
import type { AdminMessages } from './ko.ts'
import { networks } from './networks.en.ts'
import { deadLetters, mail, notify, push } from './notify.en.ts'
import { overview } from './overview.en.ts'
import { people, person } from './people.en.ts'
import { review } from './review.en.ts'
import { permission, roles } from './roles.en.ts'
import { status } from './status.en.ts'
import { training } from './training.en.ts'

/** Every sentence of the admin console in English. */
export const en: AdminMessages = {
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
