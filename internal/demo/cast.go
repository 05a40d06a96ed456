package demo

import (
	"fmt"
	"strings"

	"madeinlatino.net/madeinlatino/internal/twitter"
	"madeinlatino.net/madeinlatino/internal/twitter/sandbox"
)

// star is an artist of the demo. Nobody of these names is meant: they are
// invented.
type star struct {
	name, handle string
	dueDay       int
	timeZone     string
	fans         int // how many of the fans have points for the artist
	top          int // what the first of them has, in units of five points
	song         string
	tweets       [3]string
}

// stars lists the artists, most popular first.
func stars() []star {
	return []star{
		{"Luna Marchena", "lunamarchena", 15, "America/Bogota", 170, 420, "Mar de Nadie", [3]string{
			"Ya salió «Mar de Nadie». Es de ustedes desde hoy. 🌊",
			"Bogotá, nos vemos el sábado. Traigan voz.",
			"¿Qué canción quieren en el concierto? Las leo a todas.",
		}},
		{"Los Faroles de Ponce", "losfarolesponce", 31, "America/Puerto_Rico", 110, 260, "Esquina Azul", [3]string{
			"«Esquina Azul» ya suena en todas partes. ¡Gracias, familia!",
			"Foto del ensayo de anoche: cuatro trompetas y una cafetera.",
			"Hoy contestamos preguntas durante una hora. ¡Arranquen!",
		}},
		{"Dante Quirós", "dantequiros", 1, "America/Mexico_City", 75, 190, "Kilómetro Cero", [3]string{
			"«Kilómetro Cero», el video, a medianoche.",
			"Treinta ciudades. Una guitarra. Empieza la gira.",
			"Cuéntenme dónde estaban cuando oyeron la primera canción.",
		}},
		{"La Nueva Marea", "lanuevamarea", 20, "America/Argentina/Buenos_Aires", 45, 120, "Vereda", [3]string{
			"Disco nuevo, mismo barrio: «Vereda» ya está afuera.",
			"Segunda fecha en el Rex. Ustedes lo hicieron.",
			"¿Vinilo o cassette? Voten respondiendo.",
		}},
		{"Ximena Arrabal", "ximenaarrabal", 8, "Europe/Madrid", 25, 60, "Aguamarina", [3]string{
			"Mi primera canción: «Aguamarina». Con miedo y con ganas.",
			"Gracias, Madrid. Lo de anoche no se me olvida.",
			"Si esta canción tuviera un color, ¿cuál sería?",
		}},
	}
}

// tweetIDBase is a snowflake of November 2025. The posts have ids of their
// own, so that a sandbox that forgot them gets the very same again.
const tweetIDBase = 1_990_000_000_000_000_000

func tweetID(artist, n int) string { return fmt.Sprint(tweetIDBase + 1_000*(artist+1) + n) }

const fanCount = 200

// fans invents the same people every time.
func fans() []sandbox.Account {
	first := strings.Fields(`Karla Mateo Sofía Diego Valentina Andrés Camila Julián Daniela Tomás Lucía Emilio Paola
		Rodrigo Fernanda Nicolás Marisol Esteban Renata Gael Ximena Óscar Abril Hugo Noelia Iván Carolina Rafael
		Jimena Leandro Adriana Simón Belén Maximiliano Irene Cristóbal Yesenia Álvaro Rocío Benjamín`)
	last := strings.Fields(`Ríos Herrera Quintana Salcedo Montoya Arce Villalobos Peña Zambrano Cárdenas Lozano Figueroa
		Bustos Espinoza Rentería Duarte Olmos Carvajal Navarrete Ibarra Gallardo Pizarro Mejía Coronado Soto Valdivia
		Escobar Tapia Andrade Luján Cisneros Barrios Acevedo Palacios Robles Ferrer Gaitán Urrutia Toledo Medrano`)
	taken := map[string]bool{}
	people := make([]sandbox.Account, fanCount)
	for i := range people {
		// The surname moves on with every turn through the first names, so
		// that nobody has both in common with somebody else.
		f, l := first[i%len(first)], last[(7*i+i/len(first))%len(last)]
		handle := handleOf(f, l, i)
		for taken[handle] || !twitter.ValidUserName(handle) {
			handle = fmt.Sprintf("%.11s_%d", handle, i)
		}
		taken[handle] = true
		people[i] = sandbox.Account{UserName: handle, Name: f + " " + l, Email: handle + "@example.com"}
	}
	return people
}

// handleOf makes a handle the way people do, in one of a few fashions.
func handleOf(first, last string, n int) string {
	f, l := plain(first), plain(last)
	switch n % 5 {
	case 0:
		return fmt.Sprintf("%.7s_%.7s", f, l)
	case 1:
		return fmt.Sprintf("%.9s%02d", f, 70+n%35)
	case 2:
		return fmt.Sprintf("soy%.10s%.1s", f, l)
	case 3:
		return fmt.Sprintf("%.10s_%.1s", l, f)
	default:
		return fmt.Sprintf("%.10s%.1s_mx", f, l)
	}
}

// plain spells a name in what handles may have.
func plain(name string) string {
	return strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", "ñ", "n").
		Replace(strings.ToLower(name))
}

// stage puts the cast and the artists' posts into the sandbox and gives the
// fans as it stores them. Doing it again changes nothing.
func stage(s *sandbox.Sandbox) ([]sandbox.Account, error) {
	for i, star := range stars() {
		account, err := s.AddAccount(sandbox.Account{UserName: star.handle, Name: star.name, Verified: true})
		if err != nil {
			return nil, err
		}
		if err := post(s, account.ID, i, star); err != nil {
			return nil, err
		}
	}
	people := fans()
	for i := range people {
		var err error
		if people[i], err = s.AddAccount(people[i]); err != nil {
			return nil, err
		}
	}
	return people, nil
}

// post has an artist write what is not there yet.
func post(s *sandbox.Sandbox, author string, artist int, star star) error {
	there := map[string]bool{}
	for _, t := range s.TweetsBy(author) {
		there[t.ID] = true
	}
	for n, text := range star.tweets {
		if there[tweetID(artist, n)] {
			continue
		}
		if _, err := s.AddTweet(sandbox.Tweet{ID: tweetID(artist, n), AuthorID: author, Text: text}); err != nil {
			return fmt.Errorf("post for %s: %w", star.handle, err)
		}
	}
	return nil
}
