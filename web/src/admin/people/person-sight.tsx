import { useTranslation } from 'react-i18next'
import type { PersonBody } from '../../../../src/auth/people/api.ts'
import { currentLanguage } from '../../i18n/i18n.ts'
import { useRoleName } from '../../parts/role-names.ts'
import { Section } from '../../parts/section.tsx'
import { Table } from '../../parts/table.tsx'
import classes from './person-sight.module.css'

/** What a person sees of each kind of data, in words, and which role it comes from. */
export function PersonSight({ person: { sees } }: { person: PersonBody }) {
  const { t } = useTranslation('admin')
  const roleName = useRoleName()
  const language = currentLanguage()
  const seen = sees.filter(({ rule }) => rule.kind !== 'none')
  const hidden = sees.filter(({ rule }) => rule.kind === 'none')
  return (
    <Section title={t('person.sightTitle')} lead={t('person.sightLead')}>
      {seen.length === 0 ? (
        <p className={classes.hidden}>{t('person.sightNone')}</p>
      ) : (
        <Table
          label={t('person.sightTitle')}
          rows={seen}
          keyOf={({ entity }) => entity}
          columns={[
            { key: 'entity', title: t('person.entity'), cell: ({ label }) => label[language] },
            { key: 'range', title: t('person.range'), cell: ({ rule }) => rule[language] },
            {
              key: 'through',
              title: t('person.through'),
              cell: ({ through }) => through.map((role) => roleName(role)).join(', '),
            },
          ]}
        />
      )}
      {hidden.length > 0 && (
        <p className={classes.hidden}>
          {t('person.hidden')}: {hidden.map(({ label }) => label[language]).join(', ')}
        </p>
      )}
    </Section>
  )
}
