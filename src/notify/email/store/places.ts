/** What sealed values are bound to: the row they belong to. */
export const contentPlace = (request: string) => ({ table: 'email_requests', column: 'content', row: request })
export const attachmentsPlace = (request: string) => ({ table: 'email_requests', column: 'attachments', row: request })
export const addressPlace = (email: string, position: number) => ({
  table: 'email_recipients',
  column: 'address',
  row: `${email}/${position}`,
})
export const suppressionPlace = (hash: Buffer) => ({
  table: 'email_suppressions',
  column: 'address',
  row: hash.toString('hex'),
})
