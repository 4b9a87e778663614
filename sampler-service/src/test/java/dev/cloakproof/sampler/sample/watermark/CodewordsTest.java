package dev.cloakproof.sampler.sample.watermark;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CodewordsTest {
    @Test
    void anyTwoTagsDifferInFourSymbols() {
        // The code is linear, so the distance of two tags is the weight of their difference.
        int least = Codewords.LENGTH;
        for (int tag = 1; tag < Codewords.TAGS; tag++) {
            int weight = 0;
            for (int i = 0; i < Codewords.LENGTH; i++) {
                weight += Codewords.symbol(tag, i) == 0 ? 0 : 1;
            }
            least = Math.min(least, weight);
        }
        assertThat(least).isEqualTo(4);
    }

    @Test
    void aLostSymbolIsMadeGood() {
        int tag = 0xabcdef;
        double[][] scores = new double[Codewords.LENGTH][Codewords.SYMBOLS];
        for (int i = 0; i < Codewords.LENGTH; i++) {
            // Two symbols say something else, as loudly.
            scores[i][Codewords.symbol(tag, i) ^ (i < 2 ? 1 : 0)] = 1;
        }
        assertThat(Codewords.decode(scores)).isEqualTo(tag);
    }
}
