package dev.cloakproof.portraits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DiceTest {
    /** Pinned: every seed of the pack's training and of its evidence depends on them. */
    @Test
    void numbersStayWhatTheyWere() {
        Dice dice = Dice.of(42, "test");
        assertThat(dice.unit("a")).isEqualTo(0.53666496f);
        assertThat(dice.below("b", 1000)).isEqualTo(230);
        assertThat(dice.of("part").of(3).unit("a")).isEqualTo(0.91808885f);
    }

    @Test
    void purposesPartsNamesAndSeedsGiveOtherNumbers() {
        Set<Float> numbers = new HashSet<>();
        for (int seed = 0; seed < 50; seed++) {
            for (String purpose : new String[] {"one", "two"}) {
                Dice dice = Dice.of(seed, purpose);
                numbers.add(dice.unit("a"));
                numbers.add(dice.unit("b"));
                numbers.add(dice.of("part").unit("a"));
                numbers.add(dice.of(1).unit("a"));
                numbers.add(dice.of(2).unit("a"));
            }
        }
        // Of 24 bits each: two may agree by chance.
        assertThat(numbers).hasSizeGreaterThan(498);
    }

    @Test
    void numbersAreEven() {
        double sum = 0;
        int[] tenths = new int[10];
        for (int seed = 0; seed < 10_000; seed++) {
            float unit = Dice.of(seed, "even").unit("a");
            sum += unit;
            tenths[(int) (unit * 10)]++;
        }
        assertThat(sum / 10_000).isCloseTo(0.5, within(0.01));
        for (int tenth : tenths) {
            assertThat(tenth).isBetween(880, 1120);
        }
    }

    @Test
    void aroundStaysWithinAndGathersInTheMiddle() {
        int middle = 0;
        for (int seed = 0; seed < 1000; seed++) {
            float value = Dice.of(seed, "around").around("a", -2, 4);
            assertThat(value).isBetween(-2f, 4f);
            middle += value > -0.5f && value < 2.5f ? 1 : 0;
        }
        // 50 of 100 if it were even.
        assertThat(middle).isGreaterThan(750);
    }
}
