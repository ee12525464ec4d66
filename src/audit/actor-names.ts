/** Who stands behind the ids in the trail; people live in another capability. */
export type ActorNames = {
  /** The names of those that are known among `ids`, by id. */
  namesOf(ids: readonly string[]): Promise<Map<string, string>>
  /** Ids of those whose id is `text`, or whose name or e-mail address has it in it: `most` of them when there are more. */
  findActors(text: string, most: number): Promise<string[]>
}
