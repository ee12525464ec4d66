import type { FastifyInstance } from 'fastify'
import { AppError } from '../errors.ts'
import { platformErrors } from '../platform-errors.ts'

const deepest = 20

/** Events of other systems come as JSON under names of their own. */
const jsonTypes = ['application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json']

/** Makes JSON the only body the server reads, of bounded depth, so that no schema or store recurses without end. */
export function parseJsonOnly(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error')
  server.removeAllContentTypeParsers()
  server.addContentTypeParser(jsonTypes, { parseAs: 'string' }, (request, body, done) => {
    const text = body.toString()
    if (measureDepth(text) > deepest)
      return done(new AppError(platformErrors.badJson, { details: [{ issue: `nested more than ${deepest} deep` }] }))
    return parse(request, text, done)
  })
}

/** How deep the brackets of a JSON text nest; brackets inside strings do not count. */
export function measureDepth(text: string): number {
  let depth = 0
  let deepestSeen = 0
  let isInString = false
  for (let index = 0; index < text.length; index++) {
    const char = text[index]
    if (char === '"') isInString = !isInString
    else if (isInString) index += char === '\\' ? 1 : 0
    else if (char === '{' || char === '[') deepestSeen = Math.max(deepestSeen, ++depth)
    else if (char === '}' || char === ']') depth--
  }
  return deepestSeen
}
