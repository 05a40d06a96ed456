package account_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"madeinlatino.net/madeinlatino/internal/account"
	"madeinlatino.net/madeinlatino/internal/fandom"
	"madeinlatino.net/madeinlatino/internal/secret"
	"madeinlatino.net/madeinlatino/internal/twitter"
)

func TestCredentials(t *testing.T) {
	each(t, func(r *rig) {
		_, err := r.Credential(r.Context(), 7)
		r.code(fandom.NotFound, err)
		require.NoError(r, r.RevokeCredential(r.Context(), 7, twitter.Token{}))

		a, token := r.fan("Ana")
		id := r.login(token).User.ID
		require.NoError(r, r.RevokeCredential(r.Context(), id, twitter.Token{Token: "an older one"}))
		credential, err := r.Credential(r.Context(), id)
		require.NoError(r, err)
		require.False(r, credential.Revoked, "only the token that Twitter refused")
		require.NoError(r, r.RevokeCredential(r.Context(), id, token))
		require.NoError(r, r.RevokeCredential(r.Context(), id, token))
		credential, err = r.Credential(r.Context(), id)
		require.NoError(r, err)
		require.True(r, credential.Revoked)
		require.NotContains(r, fmt.Sprintf("%v %+v %#v", credential, credential, credential), token.Token)

		require.NoError(r, r.sandbox.RevokeTokens(a.ID))
		_, err = r.Login(r.Context(), token.Token, token.Secret)
		r.code(fandom.Invalid, err)
		credential, err = r.Credential(r.Context(), id)
		require.NoError(r, err)
		require.True(r, credential.Revoked, "a login that fails changes nothing")

		fresh, freshSecret := r.sandbox.Token(a.ID)
		r.login(twitter.Token{Token: fresh, Secret: freshSecret})
		credential, err = r.Credential(r.Context(), id)
		require.NoError(r, err)
		require.Equal(r, account.Credential{Token: twitter.Token{Token: fresh, Secret: freshSecret}}, credential)
		require.Equal(r, 1, r.count("twitter_credentials"))
	})
}

func TestCredentialServesItsUserAlone(t *testing.T) {
	each(t, func(r *rig) {
		_, ana := r.actor("Ana")
		_, bea := r.actor("Bea")
		r.exec(`UPDATE twitter_credentials SET sealed = (SELECT sealed FROM twitter_credentials WHERE user_id = $1) WHERE user_id = $2`,
			ana.User.ID, bea.User.ID)
		_, err := r.Credential(r.Context(), bea.User.ID)
		require.ErrorIs(r, err, secret.ErrDamaged)
	})
}

func TestCheckSecretsFindsAWrongKey(t *testing.T) {
	each(t, func(r *rig) {
		wrong := r.service(r.client, keyring(r.T, secret.Generate()))
		require.NoError(r, r.CheckSecrets(r.Context()))
		require.NoError(r, r.CheckSecrets(r.Context()))
		require.ErrorIs(r, wrong.CheckSecrets(r.Context()), account.ErrUnreadable)

		r.actor("Ana")
		r.exec(`DELETE FROM settings`) // the credentials tell as well
		require.ErrorIs(r, wrong.CheckSecrets(r.Context()), account.ErrUnreadable)
	})
}

func TestCheckSecretsRotates(t *testing.T) {
	each(t, func(r *rig) {
		oldKey, newKey := secret.Generate(), secret.Generate()
		oldProcess := r.service(r.client, keyring(r.T, oldKey))
		require.NoError(r, oldProcess.CheckSecrets(r.Context()))
		tokens := map[int]twitter.Token{}
		for i := range 5 {
			_, token := r.fan(fmt.Sprint("fan", i))
			login, err := oldProcess.Login(r.Context(), token.Token, token.Secret)
			require.NoError(r, err)
			tokens[login.User.ID] = token
		}
		require.NoError(r, oldProcess.RevokeCredential(r.Context(), 1, tokens[1]))

		both := keyring(r.T, newKey+","+oldKey)
		var wg sync.WaitGroup
		for range 4 { // several processes start at once
			wg.Go(func() {
				if err := r.service(r.client, both).CheckSecrets(r.Context()); err != nil {
					r.Error(err)
				}
			})
		}
		wg.Wait()
		newProcess := r.service(r.client, keyring(r.T, newKey))
		require.NoError(r, newProcess.CheckSecrets(r.Context()))
		require.ErrorIs(r, oldProcess.CheckSecrets(r.Context()), account.ErrUnreadable)
		for id, token := range tokens {
			credential, err := newProcess.Credential(r.Context(), id)
			require.NoError(r, err)
			require.Equal(r, account.Credential{Token: token, Revoked: id == 1}, credential)
		}
	})
}

// More credentials than one batch, the last of them unreadable.
func TestCheckSecretsReadsEveryBatch(t *testing.T) {
	each(t, func(r *rig) {
		oldKey := secret.Generate()
		other := keyring(r.T, oldKey)
		for i := range 1101 {
			id := i + 1
			r.exec(`INSERT INTO users (id, twitter_user_id, is_flag_action, created_at) VALUES ($1, $2, true, $3)`, id, fmt.Sprint(id), r.clock.Now())
			r.exec(`INSERT INTO twitter_credentials (user_id, sealed, updated_at) VALUES ($1, $2, $3)`, id,
				other.Seal(`["token","secret"]`, fmt.Sprint("twitter_credential:", id)), r.clock.Now())
		}
		newKey := secret.Generate()
		both := r.service(r.client, keyring(r.T, newKey+","+oldKey))
		require.NoError(r, both.CheckSecrets(r.Context()))
		alone := r.service(r.client, keyring(r.T, newKey))
		require.NoError(r, alone.CheckSecrets(r.Context()))

		r.exec(`UPDATE twitter_credentials SET sealed = $1 WHERE user_id = 1101`,
			r.keys.Seal(`["token","secret"]`, "twitter_credential:1101"))
		require.ErrorIs(r, both.CheckSecrets(r.Context()), account.ErrUnreadable)
	})
}
