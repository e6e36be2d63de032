/**
 * The regions of Azure: name and display name. Facts of the public cloud; a Locum is in all of them.
 */
export interface Location {
  readonly name: string
  readonly displayName: string
}

export const LOCATIONS: readonly Location[] = (
  [
    'East US',
    'East US 2',
    'South Central US',
    'West US 2',
    'West US 3',
    'Australia East',
    'Southeast Asia',
    'North Europe',
    'Sweden Central',
    'UK South',
    'West Europe',
    'Central US',
    'South Africa North',
    'Central India',
    'East Asia',
    'Japan East',
    'Korea Central',
    'Canada Central',
    'France Central',
    'Germany West Central',
    'Italy North',
    'Norway East',
    'Poland Central',
    'Spain Central',
    'Switzerland North',
    'Mexico Central',
    'UAE North',
    'Brazil South',
    'Israel Central',
    'Qatar Central',
    'New Zealand North',
    'North Central US',
    'West US',
    'Japan West',
    'Jio India West',
    'West Central US',
    'South Africa West',
    'Australia Central',
    'Australia Central 2',
    'Australia Southeast',
    'Jio India Central',
    'Korea South',
    'South India',
    'West India',
    'Canada East',
    'France South',
    'Germany North',
    'Norway West',
    'Switzerland West',
    'UK West',
    'UAE Central',
    'Brazil Southeast',
  ] as const
).map((displayName) => ({ name: locationName(displayName), displayName }))

const KNOWN: ReadonlySet<string> = new Set(LOCATIONS.map(({ name }) => name))

/** `West US` and `westus` are the same place: lower case, without blanks. */
export function locationName(text: string): string {
  return text.toLowerCase().replaceAll(' ', '')
}

export function isLocation(name: string): boolean {
  return KNOWN.has(name)
}
