import type { FastifyInstance, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import { platformErrors } from '../platform-errors.ts'
import type { HttpLimits } from './limits.ts'

/** Events of other systems come as JSON under names of their own. */
const jsonTypes = ['application/json', 'application/cloudevents+json', 'application/cloudevents-batch+json']

type Limits = Pick<HttpLimits, 'bodyBytes' | 'jsonDepth' | 'jsonMembers'>

/** Makes JSON the only body the server reads, of bounded depth and size, so that no schema or store works on it without end. */
export function parseJsonOnly(server: FastifyInstance, limits: Limits): void {
  const parse = server.getDefaultJsonParser('error', 'error')
  server.removeAllContentTypeParsers()
  server.addContentTypeParser(jsonTypes, { parseAs: 'string' }, (request, body, done) => {
    const text = body.toString()
    const issue = findExcess(text, request, limits)
    if (issue !== undefined) return done(new AppError(platformErrors.badJson, { details: [{ issue }] }))
    return parse(request, text, done)
  })
}

function findExcess(text: string, { routeOptions }: FastifyRequest, limits: Limits): string | undefined {
  const { depth, members } = measureJson(text)
  if (depth > limits.jsonDepth) return `nested more than ${limits.jsonDepth} deep`
  // A route that takes larger bodies takes more in them.
  const most = limits.jsonMembers * Math.max(1, (routeOptions.bodyLimit ?? 0) / limits.bodyBytes)
  return members > most ? `more than ${Math.floor(most)} keys and items` : undefined
}

/** How deep the brackets of a JSON text nest, and how many keys and items it has; what is inside strings does not count. */
export function measureJson(text: string): { depth: number; members: number } {
  let depth = 0
  let deepestSeen = 0
  let members = 0
  let isInString = false
  for (let index = 0; index < text.length; index++) {
    const char = text[index]
    if (char === '"') isInString = !isInString
    else if (isInString) index += char === '\\' ? 1 : 0
    else if (char === '{' || char === '[') {
      deepestSeen = Math.max(deepestSeen, ++depth)
      members++
    } else if (char === '}' || char === ']') depth--
    else if (char === ',') members++
  }
  return { depth: deepestSeen, members }
}
