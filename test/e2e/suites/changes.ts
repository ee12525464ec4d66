import { describe, expect, test } from 'vitest'
import type { TestOffice } from '../../support/office.ts'

/** What happens in the ERP is heard of at once, however the roles are divided. */
export function describeChanges(office: () => TestOffice): void {
  describe('changes of the ERP', () => {
    test('a customer who is new there can be asked about, and one who is renamed by the new name alone', async () => {
      const person = await office().signIn('minsu')
      const chipsOf = async (name: string) => {
        const { turn } = await person.ask(`${name} 이번 달 매출`)
        return (turn.answer.chips ?? []).map(({ value }) => value)
      }
      const columns = 'biz_no, ceo, phone, region_id, grade, salesperson_no, terms_days'
      await office().sql(
        `insert into erp.customers select 'C9999', '구름바다조선', ${columns} from erp.customers limit 1`,
      )
      await expect.poll(() => chipsOf('구름바다조선'), { timeout: 20_000, interval: 200 }).toContain('구름바다조선')
      await office().sql(`update erp.customers set name = '무지개해운' where customer_id = 'C9999'`)
      await expect.poll(() => chipsOf('무지개해운'), { timeout: 20_000, interval: 200 }).toContain('무지개해운')
      await expect.poll(() => chipsOf('구름바다조선'), { timeout: 20_000, interval: 200 }).not.toContain('구름바다조선')
      await office().sql(`delete from erp.customers where customer_id = 'C9999'`)
    }, 90_000)
  })
}
