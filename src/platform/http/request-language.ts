import type { FastifyRequest } from 'fastify'

/** The reader's language by Accept-Language; Korean when it names neither Korean nor English. */
export function requestLanguage(request: Pick<FastifyRequest, 'headers'>): 'ko' | 'en' {
  const ranked = (request.headers['accept-language'] ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => readRange(part))
    .filter((range) => range.quality > 0)
    .sort((a, b) => b.quality - a.quality)
  return ranked.find((range) => range.language === 'ko' || range.language === 'en')?.language === 'en' ? 'en' : 'ko'
}

function readRange(part: string): { language: string; quality: number } {
  const [tag = '', ...params] = part.split(';').map((text) => text.trim().toLowerCase())
  const quality = params.find((param) => param.startsWith('q='))
  return { language: tag.split('-')[0] ?? '', quality: quality ? Number(quality.slice(2)) || 0 : 1 }
}
