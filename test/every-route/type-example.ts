/** What an example of a type is made of. */

export interface Place {
  readonly name: string
  /** Its id, '' for the tenant; the segments that can be spoilt are in braces. */
  readonly scope: string
}

export interface Facts {
  readonly subscriptionId: string
  readonly tenantId: string
  /** A principal for role assignments and policies to be about. */
  readonly principalId: string
}

export type Body = Readonly<Record<string, unknown>>

export interface TypeExample {
  /** One name for each segment of the type; `walked` for each unless given. */
  readonly names?: (place: Place, facts: Facts) => readonly string[]
  readonly put?: (facts: Facts, place: Place) => Body
  /** Another one that must be there too, for others to refer to. */
  readonly another?: string
  readonly patch?: Body
  /** What each action is sent; '' is POST on the collection. */
  readonly actions?: Readonly<Record<string, Body | undefined>>
  /** What each aspect that can be put is sent. */
  readonly writes?: Readonly<Record<string, Body>>
}
