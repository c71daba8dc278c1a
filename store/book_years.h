// Years that a book may be of, for everybody who takes one in.
#ifndef HOTICH_STORE_BOOK_YEARS_H_
#define HOTICH_STORE_BOOK_YEARS_H_

namespace hotich::store {

constexpr int kFirstBookYear = 1858;  // no civil register of Viet Nam is older
constexpr int kLastBookYear = 2100;   // beyond it a slip of the hand

}  // namespace hotich::store

#endif  // HOTICH_STORE_BOOK_YEARS_H_
