/** Availability zones: every region here has three, and every subscription numbers them alike. */
import { ExpressionError } from '../invalid.ts'
import { array, type Family, integer, row, text } from './function.ts'

const ZONES: readonly string[] = ['1', '2', '3']

export const zoneFunctions: Family = {
  toLogicalZone: row(3, ([, location, zone]) => logical(text(location), text(zone))),
  toLogicalZones: row(3, ([, location, zones]) =>
    array(zones).map((zone) => logical(text(location), text(zone))),
  ),
  toPhysicalZone: row(3, ([, location, zone]) => physical(text(location), text(zone))),
  toPhysicalZones: row(3, ([, location, zones]) =>
    array(zones).map((zone) => physical(text(location), text(zone))),
  ),
  /** `pickZones(namespace, type, location, [count], [offset])`. */
  pickZones: row([3, 5], ([, , , count = 1, offset = 0]) => {
    const [from, number] = [integer(offset), integer(count)]
    if (number < 1 || from < 0 || from + number > ZONES.length) {
      throw new ExpressionError(
        `the number of zones and the offset must be within the ${ZONES.length} zones of the region`,
      )
    }
    return ZONES.slice(from, from + number)
  }),
}

/** `westeurope-az1` is zone 1; what is no zone is the empty text. */
function logical(location: string, zone: string): string {
  return ZONES.find((one) => physical(location, one) === zone.toLowerCase()) ?? ''
}

function physical(location: string, zone: string): string {
  const name = location.replaceAll(' ', '').toLowerCase()
  return ZONES.includes(zone) ? `${name}-az${zone}` : ''
}
