import type { FieldCipher, FieldPlace } from '#platform/encryption'

/** Where the reason of being shut out is kept. */
export const disablingPlace = (userId: string): FieldPlace => ({
  table: 'auth_users',
  column: 'disabled_reason',
  row: userId,
})

/** Where the reason of a decision about a role is kept. */
export const decisionPlace = (userId: string, role: string): FieldPlace => ({
  table: 'auth_role_decisions',
  column: 'reason',
  row: `${userId}/${role}`,
})

/** Why something was decided about a person; empty for what was decided before reasons were kept. */
export async function openReason(cipher: FieldCipher, sealed: Buffer | null, place: FieldPlace): Promise<string> {
  return sealed === null ? '' : await cipher.decrypt(sealed, place)
}
