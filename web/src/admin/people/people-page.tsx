import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PersonSummaryBody, RoleName } from '../../../../src/auth/people/api.ts'
import { Badge } from '../../parts/badge.tsx'
import { Empty } from '../../parts/empty.tsx'
import { Select, TextField } from '../../parts/field.tsx'
import { Link } from '../../parts/link.tsx'
import { MoreButton } from '../../parts/more-button.tsx'
import { Reading } from '../../parts/reading.tsx'
import { roleNames, useRoleName } from '../../parts/role-names.ts'
import { Page } from '../../parts/section.tsx'
import { Table } from '../../parts/table.tsx'
import { useLoaded } from '../../parts/use-loaded.ts'
import { formatInstant } from '../../parts/when.ts'
import type { AdminRequests, PeopleFilter } from '../admin-requests.ts'
import { adminPath } from '../admin-route.ts'
import classes from './people-page.module.css'

const typingMs = 250
const everybody: PeopleFilter = { search: '', role: '', state: '' }

/** Everyone who has signed in: to be searched, filtered, and opened. */
export function PeoplePage({ requests }: { requests: AdminRequests }) {
  const { t } = useTranslation('admin')
  const roleName = useRoleName()
  const [filter, setFilter] = useState(everybody)
  const [search] = useDebouncedValue(filter.search.trim(), typingMs)
  const asked = { ...filter, search }
  const people = useLoaded(() => requests.listPeople(asked), JSON.stringify(asked))
  return (
    <Page title={t('pages.people')} lead={t('people.lead')}>
      <search className={classes.filters}>
        <TextField
          label={t('people.search')}
          type="search"
          value={filter.search}
          maxLength={100}
          onChange={({ target }) => setFilter({ ...filter, search: target.value })}
        />
        <Select
          label={t('people.roleFilter')}
          value={filter.role}
          choices={[
            { value: '', label: t('people.all') },
            ...roleNames.map((role) => ({ value: role, label: roleName(role) })),
          ]}
          onChoose={(role: RoleName | '') => setFilter({ ...filter, role })}
        />
        <Select
          label={t('people.stateFilter')}
          value={filter.state}
          choices={(['', 'active', 'disabled'] as const).map((state) => ({
            value: state,
            label: t(state === '' ? 'people.all' : `people.${state}`),
          }))}
          onChoose={(state) => setFilter({ ...filter, state })}
        />
      </search>
      <Reading of={people} rows={6}>
        {({ people: rows, next }) => (
          <div className={classes.list}>
            {rows.length === 0 ? <Empty>{t('people.empty')}</Empty> : <PeopleTable rows={rows} />}
            {next && (
              <MoreButton
                load={async () => {
                  const more = await requests.listPeople(asked, next)
                  people.show({ ...more, people: [...rows, ...more.people] })
                }}
              />
            )}
          </div>
        )}
      </Reading>
    </Page>
  )
}

function PeopleTable({ rows }: { rows: PersonSummaryBody[] }) {
  const { t, i18n } = useTranslation('admin')
  const roleName = useRoleName()
  return (
    <Table
      label={t('people.list')}
      rows={rows}
      keyOf={({ userId }) => userId}
      columns={[
        {
          key: 'name',
          title: t('people.name'),
          cell: ({ userId, name, disabled }) => (
            <span className={classes.name}>
              <Link to={adminPath('people', userId)}>{name}</Link>
              {disabled && <Badge tone="bad">{t('people.disabled')}</Badge>}
            </span>
          ),
        },
        { key: 'department', title: t('people.department'), cell: ({ department }) => department },
        {
          key: 'roles',
          title: t('people.roles'),
          cell: ({ roles }) => roles.map((role) => roleName(role)).join(', ') || t('people.noRoles'),
        },
        {
          key: 'signedInAt',
          title: t('people.signedIn'),
          cell: ({ signedInAt }) => formatInstant(signedInAt, i18n.language),
        },
      ]}
    />
  )
}
