import { ArrowLeft } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { PersonBody } from '../../../../src/auth/people/api.ts'
import { Badge } from '../../parts/badge.tsx'
import { Link } from '../../parts/link.tsx'
import { Reading } from '../../parts/reading.tsx'
import { Page, Section } from '../../parts/section.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { formatInstant } from '../../parts/when.ts'
import type { AdminRequests } from '../admin-requests.ts'
import { adminPath } from '../admin-route.ts'
import { PersonActions } from './person-actions.tsx'
import classes from './person-page.module.css'
import { PersonRoles } from './person-roles.tsx'
import { PersonSight } from './person-sight.tsx'

type Props = { userId: string; requests: AdminRequests }

/** One person: what they may see and manage and why, and what can be changed about that. */
export function PersonPage({ userId, requests }: Props) {
  const { t } = useTranslation('admin')
  const person = useLoaded(() => requests.openPerson(userId), userId)
  return (
    <div>
      <Link to={adminPath('people')} className={classes.back ?? ''}>
        <ArrowLeft size={14} aria-hidden />
        {t('people.back')}
      </Link>
      <Reading of={person} rows={8}>
        {(value) => <PersonView person={value} requests={requests} onChanged={person.show} />}
      </Reading>
    </div>
  )
}

type ViewProps = { person: PersonBody; requests: AdminRequests; onChanged: (person: PersonBody) => void }

function PersonView({ person, requests, onChanged }: ViewProps) {
  const { t } = useTranslation('admin')
  return (
    <Page
      title={person.name}
      lead={person.department}
      actions={!person.isSelf && <PersonActions person={person} requests={requests} onChanged={onChanged} />}
    >
      {person.isSelf && <p className={classes.notice}>{t('person.self')}</p>}
      {person.disabled && <DisabledNotice person={person} />}
      <PersonRoles person={person} requests={requests} onChanged={onChanged} />
      <PersonSight person={person} />
      <Section title={t('person.managesTitle')}>
        {person.permissions.length === 0 ? (
          <p className={classes.quiet}>{t('person.managesNone')}</p>
        ) : (
          <ul className={classes.badges}>
            {person.permissions.map((permission) => (
              <li key={permission}>
                <Badge>{t(`permission.${permission}`)}</Badge>
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Account person={person} />
    </Page>
  )
}

function DisabledNotice({ person: { disabling } }: { person: PersonBody }) {
  const { t, i18n } = useTranslation('admin')
  const at = disabling?.at && formatInstant(disabling.at, i18n.language)
  return (
    <div className={classes.disabled} role="status">
      <p>{at && disabling.by ? t('person.disabledBy', { at, name: disabling.by }) : t('person.disabledOnly')}</p>
      {disabling?.reason && <p>{t('person.why', { reason: disabling.reason })}</p>}
    </div>
  )
}

function Account({ person: { email, signedInAt } }: { person: PersonBody }) {
  const { t, i18n } = useTranslation('admin')
  return (
    <Section title={t('person.accountTitle')}>
      <dl className={classes.facts}>
        <div>
          <dt>{t('person.email')}</dt>
          <dd>{email || t('none')}</dd>
        </div>
        <div>
          <dt>{t('people.signedIn')}</dt>
          <dd>{formatInstant(signedInAt, i18n.language)}</dd>
        </div>
      </dl>
    </Section>
  )
}
