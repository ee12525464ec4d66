import { strFromU8, unzipSync } from 'fflate'

type OpenedCell = { sheet: string; type: string; text: string }

const unescapes: Record<string, string> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&#39;': "'",
  '&amp;': '&',
}
const unescapeXml = (text: string): string =>
  text.replace(/&(?:lt|gt|quot|apos|#39|amp);/g, (sign) => unescapes[sign] ?? sign)

/** A workbook as its parts say it: every cell with its type (`t` of ECMA-376, 18.3.1.4: `s` shared text, `n` number …) and all parts as text. */
export function openWorkbook(content: Buffer): { cells: OpenedCell[]; parts: Record<string, string> } {
  const parts = Object.fromEntries(Object.entries(unzipSync(content)).map(([name, bytes]) => [name, strFromU8(bytes)]))
  const shared = [...(parts['xl/sharedStrings.xml'] ?? '').matchAll(/<si>(.*?)<\/si>/gs)].map(([, entry = '']) =>
    textOf(entry),
  )
  const sheets = Object.entries(parts).filter(([name]) => /^xl\/worksheets\/sheet\d+\.xml$/.test(name))
  const cells = sheets.flatMap(([sheet, xml]) =>
    [...xml.matchAll(/<c ([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)].map(([, attributes = '', inside = '']) => {
      const type = /\bt="(\w+)"/.exec(attributes)?.[1] ?? 'n'
      const value = /<v>(.*?)<\/v>/s.exec(inside)?.[1] ?? ''
      return {
        sheet,
        type,
        text: type === 's' ? (shared[Number(value)] ?? '') : type === 'inlineStr' ? textOf(inside) : value,
      }
    }),
  )
  return { cells, parts }
}

const textOf = (xml: string): string =>
  unescapeXml([...xml.matchAll(/<t[^>]*>(.*?)<\/t>/gs)].map(([, text = '']) => text).join(''))
