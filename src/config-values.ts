import { z } from 'zod'

const list = (text: string) => text.split(',').map((part) => part.trim())

/** Values between commas; one that is empty is refused like any other that is wrong. */
export const listOf = <T extends z.ZodType<unknown, string>>(item: T) =>
  z.string().transform(list).pipe(z.array(item).min(1))
export const port = z.coerce.number().int().min(0).max(65_535)
export const webUrl = z.url({ protocol: /^https?$/ })
export const hostPort = z.string().regex(/^(\[[0-9a-f:]+\]|[\w.-]+):\d{1,5}$/i, 'must be host:port')
