import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PersonBody } from '../../../../src/auth/people/api.ts'
import { Badge } from '../../parts/badge.tsx'
import { roleNames, useRoleName } from '../../parts/role-names.ts'
import { Section } from '../../parts/section.tsx'
import { formatDay } from '../../parts/when.ts'
import type { AdminRequests } from '../admin-requests.ts'
import classes from './person-roles.module.css'
import { RoleDialog } from './role-dialog.tsx'
import { type RoleLine, roleLines } from './role-lines.ts'

type Props = { person: PersonBody; requests: AdminRequests; onChanged: (person: PersonBody) => void }

const words = { granted: 'grant', withheld: 'withhold', 'as-provider': 'undo' } as const

/** Each role, whether it counts and why, and the one thing that can be decided about it. */
export function PersonRoles({ person, requests, onChanged }: Props) {
  const { t } = useTranslation('admin')
  const roleName = useRoleName()
  const [deciding, setDeciding] = useState<RoleLine | null>(null)
  return (
    <Section title={t('person.rolesTitle')} lead={t('person.rolesLead')}>
      <ul className={classes.roles}>
        {roleLines(person, roleNames).map((line) => (
          <li key={line.role} className={classes.role}>
            <div className={classes.name}>
              <span>{roleName(line.role)}</span>
              {line.isInForce ? (
                <Badge tone="good">{t('person.inForce')}</Badge>
              ) : (
                <Badge>{t('person.notInForce')}</Badge>
              )}
            </div>
            <RoleOrigin line={line} />
            {!person.isSelf && (
              <button
                type="button"
                className={`plain-button ${classes.button}`}
                aria-label={t(`person.${words[line.next]}Title`, { name: person.name, role: roleName(line.role) })}
                onClick={() => setDeciding(line)}
              >
                {t(`person.${words[line.next]}`)}
              </button>
            )}
          </li>
        ))}
      </ul>
      {deciding && (
        <RoleDialog
          person={person}
          line={deciding}
          decide={async (decision) => onChanged(await requests.decideRole(person.userId, deciding.role, decision))}
          onClose={() => setDeciding(null)}
        />
      )}
    </Section>
  )
}

function RoleOrigin({ line: { isFromProvider, decision, past } }: { line: RoleLine }) {
  const { t, i18n } = useTranslation('admin')
  const day = (iso: string) => formatDay(iso, i18n.language)
  return (
    <div className={classes.origin}>
      {decision ? (
        <>
          <p>
            {t(`person.${decision.kind}`, { name: decision.decidedBy, at: day(decision.decidedAt) })}
            {decision.expiresAt && ` (${t('person.until', { at: day(decision.expiresAt) })})`}
          </p>
          <p>{t('person.why', { reason: decision.reason })}</p>
        </>
      ) : (
        <p>{isFromProvider ? t('person.fromProvider') : t('person.notGiven')}</p>
      )}
      {past?.expiresAt && (
        <p>
          {t(`person.${past.kind}`, { name: past.decidedBy, at: day(past.decidedAt) })}{' '}
          {t('person.over', { at: day(past.expiresAt) })}
        </p>
      )}
    </div>
  )
}
