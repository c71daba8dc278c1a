// SplitMix64 (Steele, Lea, Flood 2014): one addition and a mixing of bits a draw, full period, and
// good enough for pictures.
#include "samples/random.h"

#include <algorithm>
#include <cmath>

namespace hotich::samples {
namespace {

constexpr double kTwoPi = 6.283185307179586;

uint64_t Mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

}  // namespace

uint64_t Random::Next() {
  state_ += 0x9e3779b97f4a7c15u;
  return Mix(state_);
}

Random Random::Fork(const std::string& label) const {
  uint64_t hash = Mix(seed_ + 1);
  for (const unsigned char c : label) hash = Mix(hash * 31 + c);
  return Random(hash);
}

double Random::Uniform(double low, double high) {
  const double unit = static_cast<double>(Next() >> 11) * 0x1.0p-53;
  return low + (high - low) * unit;
}

int Random::Int(int low, int high) {
  if (high <= low) return low;
  return low + static_cast<int>(Next() % static_cast<uint64_t>(high - low + 1));
}

bool Random::Chance(double probability) { return Uniform(0, 1) < probability; }

double Random::Normal(double sigma) {
  const double radius = std::sqrt(-2 * std::log(Uniform(1e-12, 1)));
  const double normal = radius * std::cos(kTwoPi * Uniform(0, 1));
  return sigma * std::clamp(normal, -3.0, 3.0);
}

}  // namespace hotich::samples
