import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Policy, RoleName, SpokenRuleBody } from '../../../../src/auth/people/api.ts'
import { currentLanguage } from '../../i18n/i18n.ts'
import { Select } from '../../parts/field.tsx'
import { Reading } from '../../parts/reading.tsx'
import { useRoleName } from '../../parts/role-names.ts'
import { Page, Section } from '../../parts/section.tsx'
import { Table } from '../../parts/table.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import type { AdminRequests } from '../admin-requests.ts'
import classes from './roles-page.module.css'

/** Who may see and manage what, as the company's file of roles says; to read, not to change. */
export function RolesPage({ requests }: { requests: AdminRequests }) {
  const { t } = useTranslation('admin')
  const policy = useLoaded(requests.readPolicy, 'policy')
  return (
    <Page title={t('pages.roles')} lead={t('roles.lead')}>
      <div className={classes.file}>
        <p className={classes.fileTitle}>{t('roles.fileTitle')}</p>
        <p>{t('roles.file')}</p>
      </div>
      <Reading of={policy} rows={8}>
        {(value) => <PolicyView policy={value} />}
      </Reading>
    </Page>
  )
}

function PolicyView({ policy }: { policy: Policy }) {
  const { t } = useTranslation('admin')
  const roleName = useRoleName()
  const namesOf = (roles: RoleName[]) => roles.map((role) => roleName(role)).join(', ') || t('roles.nobody')
  return (
    <>
      <Section title={t('roles.sees')}>
        <WholeTable policy={policy} />
        <OneRole policy={policy} />
      </Section>
      <Section title={t('roles.manages')}>
        <Table
          label={t('roles.manages')}
          rows={policy.permissions}
          keyOf={({ permission }) => permission}
          columns={[
            { key: 'what', title: t('roles.permission'), cell: ({ permission }) => t(`permission.${permission}`) },
            { key: 'roles', title: t('roles.given'), cell: ({ roles }) => namesOf(roles) },
          ]}
        />
      </Section>
      <Section title={t('roles.groups')}>
        <Table
          label={t('roles.groups')}
          rows={policy.groups}
          keyOf={({ group }) => group}
          columns={[
            { key: 'group', title: t('roles.group'), cell: ({ group }) => group },
            { key: 'roles', title: t('roles.given'), cell: ({ roles }) => namesOf(roles) },
          ]}
        />
      </Section>
    </>
  )
}

/** Every role beside the others, where there is room for it. */
function WholeTable({ policy }: { policy: Policy }) {
  const { t } = useTranslation('admin')
  const roleName = useRoleName()
  const language = currentLanguage()
  return (
    <div className={classes.whole}>
      <table className={classes.table} aria-label={t('roles.sees')}>
        <thead>
          <tr>
            <th scope="col">{t('roles.entity')}</th>
            {policy.roles.map((role) => (
              <th key={role} scope="col">
                {roleName(role)}
              </th>
            ))}
            <th scope="col">{t('roles.owner')}</th>
          </tr>
        </thead>
        <tbody>
          {policy.entities.map(({ entity, label, owner, rules }) => (
            <tr key={entity}>
              <th scope="row">{label[language]}</th>
              {policy.roles.map((role) => (
                <td key={role}>
                  <Rule rule={rules[role]} />
                </td>
              ))}
              <td>{owner}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** One role at a time, on a phone. */
function OneRole({ policy }: { policy: Policy }) {
  const { t } = useTranslation('admin')
  const roleName = useRoleName()
  const language = currentLanguage()
  const [role, setRole] = useState<RoleName>('employee')
  return (
    <div className={classes.one}>
      <Select
        label={t('roles.choose')}
        value={role}
        choices={policy.roles.map((name) => ({ value: name, label: roleName(name) }))}
        onChoose={setRole}
      />
      <dl className={classes.rules}>
        {policy.entities.map(({ entity, label, rules }) => (
          <div key={entity}>
            <dt>{label[language]}</dt>
            <dd>
              <Rule rule={rules[role]} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

function Rule({ rule }: { rule: SpokenRuleBody }) {
  const { t } = useTranslation('admin')
  if (rule.kind !== 'none') return <span data-rule={rule.kind}>{rule[currentLanguage()]}</span>
  return (
    <>
      <span aria-hidden data-rule="none">
        –
      </span>
      <span className="hidden-text">{t('roles.none')}</span>
    </>
  )
}
