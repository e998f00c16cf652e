// Invents plausible names of artists and titles of tracks; the words are our own, any likeness is chance.
import type { Random } from '@rondo/random'

const ADJECTIVES = ['Amber', 'Blue', 'Broken', 'Bright', 'Cedar', 'Copper', 'Crooked', 'Distant', 'Electric', 'Empty', 'Faded', 'Gentle', 'Glass', 'Golden', 'Hollow', 'Hidden', 'Idle', 'Ivory', 'Late', 'Little', 'Lunar', 'Marble', 'Midnight', 'Neon', 'Northern', 'Open', 'Pale', 'Paper', 'Quiet', 'Restless', 'Salt', 'Scarlet', 'Second', 'Silver', 'Slow', 'Southern', 'Static', 'Velvet', 'Wandering', 'Winter']
const NOUNS = ['Arcade', 'Avenue', 'Balcony', 'Bridges', 'Canyon', 'Carousel', 'Cathedral', 'Circuit', 'Coast', 'Comet', 'Corridor', 'Echo', 'Embers', 'Ferry', 'Fields', 'Fountain', 'Garden', 'Harbour', 'Horizon', 'Island', 'Kites', 'Lanterns', 'Letters', 'Lighthouse', 'Meridian', 'Mirrors', 'Motel', 'Orchard', 'Parade', 'Pilots', 'Postcards', 'Rivers', 'Rooftops', 'Satellites', 'Shadows', 'Signals', 'Skyline', 'Staircase', 'Stations', 'Thunder', 'Tides', 'Trains', 'Valley', 'Weather', 'Windows', 'Wolves']
const GIVEN = ['Ada', 'Alma', 'Anouk', 'Bruno', 'Caleb', 'Cleo', 'Dario', 'Edda', 'Elias', 'Emeka', 'Farah', 'Felix', 'Greta', 'Hana', 'Hugo', 'Ines', 'Ivo', 'Jonas', 'Kaia', 'Kenji', 'Lena', 'Liv', 'Luz', 'Malik', 'Mara', 'Milo', 'Mira', 'Nadia', 'Nils', 'Noor', 'Odile', 'Oscar', 'Petra', 'Rafa', 'Rosa', 'Samir', 'Signe', 'Tova', 'Viggo', 'Yara', 'Zeno', 'Zola']
const FAMILY = ['Abara', 'Almqvist', 'Arden', 'Bellweather', 'Calder', 'Corvin', 'Dahlberg', 'Delmar', 'Eskola', 'Faro', 'Fenwick', 'Garrido', 'Halloran', 'Haugen', 'Iversen', 'Jansson', 'Kestrel', 'Lindqvist', 'Lorca', 'Marchetti', 'Moreau', 'Nakata', 'Novak', 'Okoye', 'Oduya', 'Pereira', 'Quill', 'Rask', 'Reyes', 'Sable', 'Sandoval', 'Solen', 'Tanaka', 'Thorne', 'Ueda', 'Valdez', 'Varga', 'Winslow', 'Yilmaz', 'Zeller']
const VERBS = ['Chasing', 'Counting', 'Crossing', 'Drawing', 'Falling Through', 'Following', 'Forgetting', 'Holding', 'Leaving', 'Losing', 'Painting', 'Remembering', 'Running From', 'Singing To', 'Waiting For', 'Walking Past', 'Watching', 'Wearing']
const THINGS = ['August', 'Daylight', 'Distance', 'Evening', 'Fire', 'Gravity', 'Home', 'Honey', 'January', 'Morning', 'Nothing', 'Ocean', 'Rain', 'Silence', 'Sleep', 'Smoke', 'Snow', 'Summer', 'Sunday', 'The City', 'The Dark', 'The Moon', 'The Road', 'The Sea', 'Tomorrow', 'You']
const PLACES = ['Antwerp', 'Bergen', 'Bristol', 'Cadiz', 'Dakar', 'Galway', 'Havana', 'Kyoto', 'Lagos', 'Lisbon', 'Malmö', 'Marfa', 'Naples', 'Oaxaca', 'Oslo', 'Porto', 'Reno', 'Riga', 'Tangier', 'Trieste', 'Tulsa', 'Uppsala']

const pick = (words: string[], random: Random): string => words[random.int(words.length)] ?? ''

/** Never one of `taken`; adds what it gives. */
export function inventArtist(taken: Set<string>, random: Random): string {
  for (let attempt = 0; ; attempt += 1) {
    const form = random.int(6)
    const name =
      form === 0 ? `The ${pick(ADJECTIVES, random)} ${pick(NOUNS, random)}`
      : form === 1 ? `${pick(ADJECTIVES, random)} ${pick(NOUNS, random)}`
      : form === 2 ? `${pick(GIVEN, random)} & the ${pick(NOUNS, random)}`
      : form === 3 ? `${pick(PLACES, random)} ${pick(NOUNS, random)}`
      : `${pick(GIVEN, random)} ${pick(FAMILY, random)}`
    const unique = attempt < 20 ? name : `${name} ${attempt}`
    if (taken.has(unique)) continue
    taken.add(unique)
    return unique
  }
}

/** Titles may repeat, as they do. */
export function inventTitle(random: Random): string {
  const form = random.int(8)
  if (form === 0) return `${pick(VERBS, random)} ${pick(THINGS, random)}`
  if (form === 1) return `${pick(NOUNS, random)} of ${pick(PLACES, random)}`
  if (form === 2) return `${pick(THINGS, random)} in ${pick(PLACES, random)}`
  if (form === 3) return `${pick(VERBS, random)} ${pick(ADJECTIVES, random)} ${pick(NOUNS, random)}`
  if (form === 4) return pick(NOUNS, random)
  if (form === 5) return `${pick(GIVEN, random)}'s ${pick(NOUNS, random)}`
  return `${pick(ADJECTIVES, random)} ${pick(NOUNS, random)}`
}
